def predict(image):
    return image
