import { describe, expect, it } from "vitest";
import { isPrivate, isPublic } from "./public-address.ts";

describe("isPublic", () => {
  it.each([
    "8.8.8.8",
    "93.184.215.14",
    "172.32.0.1",
    "100.63.255.255",
    "223.255.255.254",
    "2606:4700:4700::1111",
    "2a00:1450:4001:80b::200e",
  ])("takes %s", (address) => {
    expect(isPublic(address)).toBe(true);
  });

  it.each([
    ["this host", "0.0.0.0", "0.1.2.3", "::"],
    ["loopback", "127.0.0.1", "127.255.255.254", "::1"],
    ["private networks", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1", "fd12::1"],
    ["carrier-grade NAT", "100.64.0.1", "100.100.100.200", "100.127.255.255"],
    ["link-local and metadata", "169.254.0.1", "169.254.169.254", "fe80::1", "fe80::1%eth0"],
    ["Azure's own service", "168.63.129.16"],
    ["Amazon's metadata", "fd00:ec2::254"],
    ["protocol assignments", "192.0.0.1", "192.0.0.192", "2001::1", "2001:1::1"],
    ["documentation", "192.0.2.1", "198.51.100.1", "203.0.113.1", "2001:db8::1", "3fff::1"],
    ["benchmarks", "198.18.0.1", "198.19.255.255", "2001:2::1"],
    ["multicast", "224.0.0.1", "239.255.255.255", "ff02::1", "ff0e::1"],
    ["reserved and broadcast", "240.0.0.1", "255.255.255.255", "4000::1", "100::1"],
    ["mapped and compatible IPv4", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "::127.0.0.1"],
    ["6to4", "192.88.99.1", "2002:7f00:1::", "2002:808:808::1"],
    ["NAT64", "64:ff9b::7f00:1", "64:ff9b::808:808", "64:ff9b:1::1"],
    ["Teredo", "2001:0:53aa:64c::1"],
    ["site-local", "fec0::1"],
    ["what is no address", "", "example.org", "127.0.0.1.example.org"],
  ])("refuses %s", (_, ...addresses) => {
    for (const address of addresses) expect(isPublic(address), address).toBe(false);
  });
});

describe("isPrivate", () => {
  it.each([
    ["127.0.0.1", true],
    ["192.168.1.1", true],
    ["fd12::1", true],
    ["169.254.169.254", false],
    ["fe80::1", false],
    ["8.8.8.8", false],
    ["224.0.0.1", false],
  ])("of %s is %s", (address, expected) => {
    expect(isPrivate(address)).toBe(expected);
  });
});
