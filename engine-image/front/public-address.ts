import { BlockList, isIPv4 } from "node:net";

/** Which addresses the server may connect to on a client's word. */

// https://www.iana.org/assignments/iana-ipv4-special-registry, and Azure's own service.
const specialIPv4 = blockList("ipv4", [
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "168.63.129.16/32",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.0.0.0/24",
  "192.0.2.0/24",
  "192.88.99.0/24",
  "192.168.0.0/16",
  "198.18.0.0/15",
  "198.51.100.0/24",
  "203.0.113.0/24",
  "224.0.0.0/3",
]);

// All that is assigned to the public. What lies outside leads elsewhere: into this machine, its
// network, or by way of mapped, translated and tunnelled forms to any IPv4 address.
const globalIPv6 = blockList("ipv6", ["2000::/3"]);
const specialIPv6 = blockList("ipv6", ["2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"]);

// What a site has of its own.
const privateIPv4 = blockList("ipv4", [
  "10.0.0.0/8",
  "127.0.0.0/8",
  "172.16.0.0/12",
  "192.168.0.0/16",
]);
const privateIPv6 = blockList("ipv6", ["::1/128", "fc00::/7"]);

/** Whether an IP address belongs to one machine of the public internet. */
export function isPublic(address: string): boolean {
  if (isIPv4(address)) return !specialIPv4.check(address, "ipv4");
  return globalIPv6.check(address, "ipv6") && !specialIPv6.check(address, "ipv6");
}

/** Whether an IP address belongs to this machine or its site. */
export function isPrivate(address: string): boolean {
  if (isIPv4(address)) return privateIPv4.check(address, "ipv4");
  return privateIPv6.check(address, "ipv6");
}

function blockList(family: "ipv4" | "ipv6", networks: string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address = "", prefix] = network.split("/");
    list.addSubnet(address, Number(prefix), family);
  }
  return list;
}
