/* SPDX-License-Identifier: GPL-3.0-or-later
 * fields: one row a field: protocol, first bit, bits, format, name. */
#include "decode/fields.h"

#include "util/text.h"

enum format { DEC, HEX, MAC, IP4, IP6, YES };

static const struct field {
	uint8_t proto;
	uint16_t bit;  /* from the header's beginning, the most significant bit of a byte first */
	uint8_t bits;
	uint8_t format;
	const char *name;
} fields[] = {
	{ PROTO_ETHERNET, 0, 48, MAC, "Destination" },
	{ PROTO_ETHERNET, 48, 48, MAC, "Source" },
	{ PROTO_ETHERNET, 96, 16, HEX, "EtherType or length" },
	{ PROTO_SLL, 0, 16, DEC, "Packet type" },
	{ PROTO_SLL, 16, 16, DEC, "ARP hardware type" },
	{ PROTO_SLL, 48, 48, MAC, "Sender" },
	{ PROTO_SLL, 112, 16, HEX, "Protocol" },
	{ PROTO_SLL2, 0, 16, HEX, "Protocol" },
	{ PROTO_SLL2, 32, 32, DEC, "Interface index" },
	{ PROTO_SLL2, 64, 16, DEC, "ARP hardware type" },
	{ PROTO_SLL2, 80, 8, DEC, "Packet type" },
	{ PROTO_SLL2, 96, 48, MAC, "Sender" },
	{ PROTO_NULL, 0, 32, HEX, "Address family (order of the capturing host)" },
	{ PROTO_CHDLC, 0, 8, HEX, "Address" },
	{ PROTO_CHDLC, 16, 16, HEX, "Protocol" },
	{ PROTO_FDDI, 8, 48, MAC, "Destination" },
	{ PROTO_FDDI, 56, 48, MAC, "Source" },
	{ PROTO_TOKEN_RING, 16, 48, MAC, "Destination" },
	{ PROTO_TOKEN_RING, 64, 48, MAC, "Source" },
	{ PROTO_LLC, 0, 8, HEX, "DSAP" },
	{ PROTO_LLC, 8, 8, HEX, "SSAP" },
	{ PROTO_LLC, 16, 8, HEX, "Control" },
	{ PROTO_LLC, 24, 24, HEX, "Organization" },
	{ PROTO_LLC, 48, 16, HEX, "Protocol" },
	{ PROTO_WLAN, 0, 16, HEX, "Frame control" },
	{ PROTO_WLAN, 32, 48, MAC, "Address 1" },
	{ PROTO_WLAN, 80, 48, MAC, "Address 2" },
	{ PROTO_WLAN, 128, 48, MAC, "Address 3" },
	{ PROTO_VLAN, 0, 3, DEC, "Priority" },
	{ PROTO_VLAN, 3, 1, YES, "Drop eligible" },
	{ PROTO_VLAN, 4, 12, DEC, "VLAN" },
	{ PROTO_VLAN, 16, 16, HEX, "EtherType or length" },
	{ PROTO_PBB, 8, 24, DEC, "Service (I-SID)" },
	{ PROTO_ETAG, 20, 12, DEC, "Ingress port" },
	{ PROTO_ETAG, 34, 14, DEC, "Port" },
	{ PROTO_VNTAG, 2, 14, DEC, "Destination interface" },
	{ PROTO_VNTAG, 20, 12, DEC, "Source interface" },
	{ PROTO_MPLS, 0, 20, DEC, "Label" },
	{ PROTO_MPLS, 20, 3, DEC, "Traffic class" },
	{ PROTO_MPLS, 23, 1, YES, "Bottom of stack" },
	{ PROTO_MPLS, 24, 8, DEC, "TTL" },
	{ PROTO_PPPOE, 16, 16, HEX, "Session" },
	{ PROTO_PPPOE, 32, 16, DEC, "Length" },
	{ PROTO_NSH, 32, 24, DEC, "Service path" },
	{ PROTO_NSH, 56, 8, DEC, "Service index" },
	{ PROTO_IPV4, 4, 4, DEC, "Header length (32-bit words)" },
	{ PROTO_IPV4, 8, 6, DEC, "DSCP" },
	{ PROTO_IPV4, 14, 2, DEC, "ECN" },
	{ PROTO_IPV4, 16, 16, DEC, "Total length" },
	{ PROTO_IPV4, 32, 16, HEX, "Identification" },
	{ PROTO_IPV4, 48, 1, YES, "Reserved bit" },
	{ PROTO_IPV4, 49, 1, YES, "Don't fragment" },
	{ PROTO_IPV4, 50, 1, YES, "More fragments" },
	{ PROTO_IPV4, 51, 13, DEC, "Fragment offset (8-byte units)" },
	{ PROTO_IPV4, 64, 8, DEC, "TTL" },
	{ PROTO_IPV4, 72, 8, DEC, "Protocol" },
	{ PROTO_IPV4, 80, 16, HEX, "Header checksum" },
	{ PROTO_IPV4, 96, 32, IP4, "Source" },
	{ PROTO_IPV4, 128, 32, IP4, "Destination" },
	{ PROTO_IPV6, 4, 6, DEC, "DSCP" },
	{ PROTO_IPV6, 10, 2, DEC, "ECN" },
	{ PROTO_IPV6, 12, 20, HEX, "Flow label" },
	{ PROTO_IPV6, 32, 16, DEC, "Payload length" },
	{ PROTO_IPV6, 48, 8, DEC, "Next header" },
	{ PROTO_IPV6, 56, 8, DEC, "Hop limit" },
	{ PROTO_IPV6, 64, 128, IP6, "Source" },
	{ PROTO_IPV6, 192, 128, IP6, "Destination" },
	{ PROTO_IPV6_OPTIONS, 0, 8, DEC, "Next header" },
	{ PROTO_IPV6_OPTIONS, 8, 8, DEC, "Length (8-byte units after the first)" },
	{ PROTO_IPV6_ROUTING, 0, 8, DEC, "Next header" },
	{ PROTO_IPV6_ROUTING, 16, 8, DEC, "Type" },
	{ PROTO_IPV6_ROUTING, 24, 8, DEC, "Segments left" },
	{ PROTO_IPV6_FRAGMENT, 0, 8, DEC, "Next header" },
	{ PROTO_IPV6_FRAGMENT, 16, 13, DEC, "Fragment offset (8-byte units)" },
	{ PROTO_IPV6_FRAGMENT, 31, 1, YES, "More fragments" },
	{ PROTO_IPV6_FRAGMENT, 32, 32, HEX, "Identification" },
	{ PROTO_AH, 0, 8, DEC, "Next header" },
	{ PROTO_AH, 32, 32, HEX, "SPI" },
	{ PROTO_AH, 64, 32, DEC, "Sequence number" },
	{ PROTO_ICMP, 0, 8, DEC, "Type" },
	{ PROTO_ICMP, 8, 8, DEC, "Code" },
	{ PROTO_ICMP, 16, 16, HEX, "Checksum" },
	{ PROTO_ICMP, 32, 32, HEX, "Rest of header" },
	{ PROTO_ICMPV6, 0, 8, DEC, "Type" },
	{ PROTO_ICMPV6, 8, 8, DEC, "Code" },
	{ PROTO_ICMPV6, 16, 16, HEX, "Checksum" },
	{ PROTO_ICMPV6, 32, 32, HEX, "Rest of header" },
	{ PROTO_UDP, 0, 16, DEC, "Source port" },
	{ PROTO_UDP, 16, 16, DEC, "Destination port" },
	{ PROTO_UDP, 32, 16, DEC, "Length" },
	{ PROTO_UDP, 48, 16, HEX, "Checksum" },
	{ PROTO_GRE, 0, 16, HEX, "Flags and version" },
	{ PROTO_GRE, 16, 16, HEX, "Protocol" },
	{ PROTO_ERSPAN2, 4, 12, DEC, "VLAN" },
	{ PROTO_ERSPAN2, 22, 10, DEC, "Session" },
	{ PROTO_ERSPAN3, 4, 12, DEC, "VLAN" },
	{ PROTO_ERSPAN3, 22, 10, DEC, "Session" },
	{ PROTO_ERSPAN3, 32, 32, DEC, "Timestamp" },
	{ PROTO_VXLAN, 0, 8, HEX, "Flags" },
	{ PROTO_VXLAN, 32, 24, DEC, "Network (VNI)" },
	{ PROTO_VXLAN_GPE, 0, 8, HEX, "Flags" },
	{ PROTO_VXLAN_GPE, 24, 8, DEC, "Next protocol" },
	{ PROTO_VXLAN_GPE, 32, 24, DEC, "Network (VNI)" },
	{ PROTO_GENEVE, 2, 6, DEC, "Options length (32-bit words)" },
	{ PROTO_GENEVE, 16, 16, HEX, "Protocol" },
	{ PROTO_GENEVE, 32, 24, DEC, "Network (VNI)" },
	{ PROTO_GTPU, 8, 8, DEC, "Message type" },
	{ PROTO_GTPU, 16, 16, DEC, "Length" },
	{ PROTO_GTPU, 32, 32, HEX, "Tunnel endpoint (TEID)" },
	{ PROTO_L2TP, 0, 16, HEX, "Flags and version" },
	{ PROTO_LISP, 0, 8, HEX, "Flags" },
	{ PROTO_LISP, 32, 24, DEC, "Instance" },
	{ PROTO_TCP, 0, 16, DEC, "Source port" },
	{ PROTO_TCP, 16, 16, DEC, "Destination port" },
	{ PROTO_TCP, 32, 32, DEC, "Sequence number" },
	{ PROTO_TCP, 64, 32, DEC, "Acknowledgment number" },
	{ PROTO_TCP, 96, 4, DEC, "Data offset (32-bit words)" },
	{ PROTO_TCP, 100, 12, HEX, "Flags" },
	{ PROTO_TCP, 112, 16, DEC, "Window" },
	{ PROTO_TCP, 128, 16, HEX, "Checksum" },
	{ PROTO_TCP, 144, 16, DEC, "Urgent pointer" },
};

void fields_begin(enum proto proto, const char *name, struct buf *out)
{
	for (const char *c = proto_name(proto); *c != '\0'; c++)
		buf_putc(out, *c >= 'a' && *c <= 'z' ? (char)(*c - 'a' + 'A') : *c);
	buf_printf(out, "  %s: ", name);
}

static uint64_t read_bits(const uint8_t *p, unsigned bit, unsigned bits)
{
	uint64_t value = 0;
	for (unsigned i = bit; i < bit + bits; i++)
		value = value << 1 | (p[i / 8] >> (7 - i % 8) & 1u);
	return value;
}

static void add_value(const struct field *field, const uint8_t *header, struct buf *out)
{
	const uint8_t *p = header + field->bit / 8;
	uint8_t address[16] = { [10] = 0xff, [11] = 0xff };
	switch ((enum format)field->format) {
	case DEC:
		buf_printf(out, "%llu", (unsigned long long)read_bits(header, field->bit, field->bits));
		break;
	case HEX:
		buf_printf(out, "0x%0*llx", (field->bits + 3) / 4, (unsigned long long)read_bits(header, field->bit, field->bits));
		break;
	case MAC:
		buf_printf(out, "%02x:%02x:%02x:%02x:%02x:%02x", p[0], p[1], p[2], p[3], p[4], p[5]);
		break;
	case IP4:
		memcpy(address + 12, p, 4);
		text_add_address(out, address);
		break;
	case IP6:
		text_add_address(out, p);
		break;
	case YES:
		buf_puts(out, read_bits(header, field->bit, 1) != 0 ? "yes" : "no");
		break;
	}
}

void fields_describe(const struct layer *layer, struct buf *out)
{
	for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
		const struct field *field = &fields[i];
		if (field->proto != layer->proto || field->bit + field->bits > layer->length * 8)
			continue;
		fields_begin(layer->proto, field->name, out);
		add_value(field, layer->bytes, out);
		buf_putc(out, '\n');
	}
}
