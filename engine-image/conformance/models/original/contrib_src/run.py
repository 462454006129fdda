import os

from inference import Model
from modelhubapi import webservice

if __name__ == "__main__":
    model = Model()
    contrib_src_dir = os.path.dirname(os.path.realpath(__file__))
    webservice.start(model, contrib_src_dir)
