/* SPDX-License-Identifier: GPL-3.0-or-later
 * test_links: links, tags, tunnels and extension headers around one segment, and what of them makes flows of different networks differ. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "bytes.h"
#include "decode/decode.h"
#include "frames.h"

static struct bytes frame;

/* A data frame of IEEE 802.11 with IPv4 in it. */
#define WLAN_DATA "0802 0000 020000000002 020000000003 020000000001 1000 aaaa03 000000 0800"

/* Decodes the frame; it must be the segment by this path of headers and this encapsulation; identity: is there any in path? */
static void decodes(uint16_t link_type, const char *path, const char *encap, bool identity)
{
	struct packet packet = packet_of(&frame, link_type);
	struct decoded decoded;
	struct buf out = { 0 };
	decode_describe_path(&packet, &out);
	assert_string_equal(buf_text(&out), path);
	buf_clear(&out);
	decode_describe_encap(&packet, &out);
	assert_string_equal(buf_text(&out), encap);
	buf_clear(&out);
	assert_int_equal(decode_packet(&packet, 0, &decoded), DECODE_SEGMENT);
	is_the_segment(&decoded.segment);
	assert_int_equal(decoded.segment.path != 0, identity);
	/* Cut anywhere: never a crash, and a segment exactly as long as its flags are there. */
	uint32_t whole = packet.caplen;
	for (packet.caplen = 0; packet.caplen < whole; packet.caplen++) {
		enum decode_result result = decode_packet(&packet, DECODE_CHECKSUM, &decoded);
		if (whole - packet.caplen <= 5 + 6)
			assert_int_equal(result, DECODE_SEGMENT);
		else
			assert_int_not_equal(result, DECODE_SEGMENT);
		decode_describe(&packet, &out);
		buf_clear(&out);
	}
	buf_free(&out);
}

static void test_links(void **state)
{
	(void)state;
	static const struct {
		uint16_t link_type;
		const char *front, *path;
	} cases[] = {
		{ 1, "020000000002 020000000001 0800", "eth ipv4 tcp" },
		{ 1, "020000000002 020000000001 0035 aaaa03 000000 0800", "eth llc ipv4 tcp" },
		{ 1, "020000000002 020000000001 0030 060603", "eth llc ipv4 tcp" },
		{ 101, "", "ipv4 tcp" },
		{ 228, "", "ipv4 tcp" },
		{ 0, "02000000", "null ipv4 tcp" },
		{ 0, "00000002", "null ipv4 tcp" },
		{ 108, "00000002", "null ipv4 tcp" },
		{ 113, "0000 0001 0006 020000000001 0000 0800", "sll ipv4 tcp" },
		{ 276, "0800 0000 00000002 0001 00 06 020000000001 0000", "sll2 ipv4 tcp" },
		{ 9, "ff03 0021", "ppp ipv4 tcp" },
		{ 9, "21", "ppp ipv4 tcp" },
		{ 204, "01 ff03 0021", "ppp ipv4 tcp" },
		{ 166, "00 03 0021", "ppp ipv4 tcp" },
		{ 50, "ff03 0021", "ppp ipv4 tcp" },
		{ 104, "0f00 0800", "chdlc ipv4 tcp" },
		{ 107, "1841 03 cc", "fr ipv4 tcp" },
		{ 107, "1841 0800", "fr ipv4 tcp" },
		{ 107, "1841 03 00 80 000000 0800", "fr ipv4 tcp" },
		{ 239, "02 00 0000 0800 0100 00000000 0600 0a00 6162 0000 3100 0900", "nflog ipv4 tcp" },
		{ 105, "0802 0000 020000000002 020000000003 020000000001 1000 aaaa03 000000 0800", "wlan llc ipv4 tcp" },
		{ 105, "8801 0000 020000000003 020000000001 020000000002 1000 0000 aaaa03 000000 0800", "wlan llc ipv4 tcp" },
		{ 127, "0000 0900 02000000 10 0802 0000 020000000002 020000000003 020000000001 1000 aaaa03 000000 0800",
		  "radiotap llc ipv4 tcp" },
		{ 258, "0c000000 01000000 01000000 020000000002 020000000001 0800", "pktap eth ipv4 tcp" },
		{ 192, "00 00 0800 01000000 020000000002 020000000001 0800", "ppi eth ipv4 tcp" },
		{ 10, "50 020000000002 020000000001 aaaa03 000000 0800", "fddi llc ipv4 tcp" },
		{ 6, "10 40 020000000002 820000000001 0230 aaaa03 000000 0800", "tr llc ipv4 tcp" },
		{ 7, "01 02 d4 00 0001", "arcnet ipv4 tcp" },
		{ 129, "01 02 0000 f0", "arcnet ipv4 tcp" },
		{ 100, "aaaa03 000000 0800", "llc ipv4 tcp" },
		{ 143, "00 00 0000 0000 020000000002 020000000001 0800", "docsis eth ipv4 tcp" },
		{ 178, "4d4743 81 0004 01020304 020000000002 020000000001 0800", "juniper eth ipv4 tcp" },
		{ 197, "0000000000000000 02 00 0000 0000 0000 0000 020000000002 020000000001 0800", "erf eth ipv4 tcp" },
		{ 242, "0000000000000000000000000000000000000000 0000000000000000000000000000000000000000 0800 0000", "ethertype ipv4 tcp" },
		{ 0, "00000800", "null ipv4 tcp" },
		{ 113, "0000 0321 0006 020000000001 0000 0004 " WLAN_DATA, "sll wlan llc ipv4 tcp" },
		{ 113, "0000 0323 0006 020000000001 0000 0004 0000 0800 00000000 " WLAN_DATA, "sll radiotap llc ipv4 tcp" },
		{ 9, "0031 00 01 020000000002 020000000001 0800", "ppp eth ipv4 tcp" },
		{ 104, "ff03 0021", "chdlc ppp ipv4 tcp" },
		{ 107, "1841 03 00 80 0080c2 0007 020000000002 020000000001 0800", "fr eth ipv4 tcp" },
		{ 11, "fefe03 cc", "llc ipv4 tcp" },
		{ 11, "fefe03 cf 0021", "llc ppp ipv4 tcp" },
		{ 11, "aaaa03 0080c2 0007 0000 020000000002 020000000001 0800", "llc eth ipv4 tcp" },
		{ 7, "01 02 d4 ff ffff d4 00 0001", "arcnet ipv4 tcp" },
		{ 143, "01 02 0000 0000 aaaa 020000000002 020000000001 0800", "docsis eth ipv4 tcp" },
		{ 239, "02 00 0000 0008 0001 00000000 0031 0009", "nflog ipv4 tcp" },
		{ 178, "4d4743 02 00000800", "juniper ipv4 tcp" },
		{ 179, "4d4743 00 ff03 0021", "juniper ppp ipv4 tcp" },
		{ 197, "0000000000000000 96 00 0000 0000 0000 0000000000000000", "erf ipv4 tcp" },
		{ 119, "44000000 0c000000 01020304 " WLAN_DATA, "prism wlan llc ipv4 tcp" },
		{ 163, "80211001 0000000c 00000000 " WLAN_DATA, "prism wlan llc ipv4 tcp" },
		{ 119, WLAN_DATA, "prism wlan llc ipv4 tcp" },
		/* an HT control field; a radiotap header of two words of presence, with a time and flags that say the header is padded */
		{ 105, "8882 0000 020000000002 020000000003 020000000001 1000 0000 00000000 aaaa03 000000 0800", "wlan llc ipv4 tcp" },
		{ 127, "0000 1900 03000080 00000000 00000000 0000000000000000 20 "
		       "8802 0000 020000000002 020000000003 020000000001 1000 0000 0000 aaaa03 000000 0800",
		  "radiotap llc ipv4 tcp" },
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		ipv4_segment(&frame);
		bytes_front(&frame, cases[i].front);
		decodes(cases[i].link_type, cases[i].path, "", false);
	}
	ipv6_segment(&frame);
	bytes_front(&frame, "1e000000");
	decodes(0, "null ipv6 tcp", "", false);
}

static void test_tags(void **state)
{
	(void)state;
	static const struct {
		const char *front, *path, *encap;
		bool identity;
	} cases[] = {
		{ "8100 002a 0800", "eth vlan 42 ipv4 tcp", "", true },
		{ "8100 e000 0800", "eth vlan 0 ipv4 tcp", "", false },
		{ "88a8 0064 8100 002a 0800", "eth vlan 100 vlan 42 ipv4 tcp", "", true },
		{ "8100 0001 8100 0002 8100 0003 0800", "eth vlan 1 vlan 2 vlan 3 ipv4 tcp", "", true },
		{ "8847 0001 0040 0000 2140", "eth mpls 16 mpls 2 ipv4 tcp", "mpls 16 mpls 2", false },
		{ "8847 0001 0140 0000 0000 020000000002 020000000001 0800", "eth mpls 16 eth ipv4 tcp", "mpls 16", false },
		{ "8864 1100 0007 002f 0021", "eth pppoe 7 ppp ipv4 tcp", "pppoe 7", false },
		{ "88e7 00 000539 020000000002 020000000001 0800", "eth pbb 1337 eth ipv4 tcp", "pbb 1337", true },
		{ "893f 0000 0064 0000 0800", "eth etag ipv4 tcp", "", false },
		{ "8926 0000 0064 0800", "eth vntag ipv4 tcp", "", false },
		{ "8903 0040 020000000002 020000000001 0800", "eth fabricpath eth ipv4 tcp", "fabricpath", false },
		{ "22f3 0000 0001 0002 020000000002 020000000001 0800", "eth trill eth ipv4 tcp", "trill", false },
		{ "88e5 00 00 00000001 0800", "eth macsec ipv4 tcp", "", false },
		{ "88e5 20 00 00000001 0000000000000001 0800", "eth macsec ipv4 tcp", "", false },
		{ "894f 0002 0101 00002a01", "eth nsh 42 ipv4 tcp", "nsh 42", false },
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		ipv4_segment(&frame);
		bytes_front(&frame, cases[i].front);
		bytes_front(&frame, "020000000002 020000000001");
		decodes(1, cases[i].path, cases[i].encap, cases[i].identity);
	}
}

/* Tunnels over IP: what stands before the inner packet, inner Ethernet or not, and the protocol or UDP port. */
static void test_tunnels(void **state)
{
	(void)state;
	static const struct {
		bool ethernet;
		uint16_t port;     /* UDP, or 0 */
		uint8_t protocol;  /* IP, without UDP */
		const char *front, *path, *encap;
		bool identity;
	} cases[] = {
		{ false, 0, 4, "", "ipv4 ipv4 tcp", "ipip", false },
		{ false, 0, 47, "0000 0800", "ipv4 gre ipv4 tcp", "gre", false },
		{ false, 0, 47, "b000 0800 0000 0000 00000007 00000001", "ipv4 gre 7 ipv4 tcp", "gre 7", true },
		{ true, 0, 47, "0000 6558", "ipv4 gre eth ipv4 tcp", "gre", false },
		{ true, 0, 47, "0000 88be", "ipv4 gre eth ipv4 tcp", "gre", false },
		{ true, 0, 47, "1000 88be 00000001 1001 0064 00000000", "ipv4 gre erspan 100 eth ipv4 tcp", "gre erspan 100", false },
		{ true, 0, 47, "1000 22eb 00000001 2001 0064 00000000 0000 0001 0000000000000000",
		  "ipv4 gre erspan 100 eth ipv4 tcp", "gre erspan 100", false },
		{ false, 0, 47, "3001 880b 0031 0009 00000001 ff03 0021", "ipv4 gre 9 ppp ipv4 tcp", "gre 9", false },
		{ false, 0, 47, "0000 883e 00000000", "ipv4 gre ipv4 tcp", "gre", false },
		{ true, 0, 47, "2001 6400 003b 0700", "ipv4 gre 7 eth ipv4 tcp", "gre 7", true },
		{ false, 0, 47, "4000 0800 0000 0000 0002 0004 0a000001 0000 0000", "ipv4 gre ipv4 tcp", "gre", false },
		{ true, 4790, 0, "08000000 00002a00", "ipv4 udp vxlan-gpe 42 eth ipv4 tcp", "vxlan-gpe 42", true },
		{ false, 1701, 0, "0202 0001 0002 0002 ffff ff03 0021", "ipv4 udp l2tp 65538 ppp ipv4 tcp", "l2tp 65538", false },
		{ true, 0, 97, "3000", "ipv4 etherip eth ipv4 tcp", "etherip", false },
		{ false, 0, 51, "0404 0000 00000001 00000001 000102030405060708090a0b", "ipv4 ah ipv4 tcp", "ipip", false },
		{ true, 4789, 0, "08000000 00002a00", "ipv4 udp vxlan 42 eth ipv4 tcp", "vxlan 42", true },
		{ false, 4790, 0, "0c000001 00002a00", "ipv4 udp vxlan-gpe 42 ipv4 tcp", "vxlan-gpe 42", true },
		{ true, 6081, 0, "0100 6558 00002a00 01020304", "ipv4 udp geneve 42 eth ipv4 tcp", "geneve 42", true },
		{ false, 6081, 0, "0000 0800 00002a00", "ipv4 udp geneve 42 ipv4 tcp", "geneve 42", true },
		{ false, 2152, 0, "30ff 002d 00000005", "ipv4 udp gtp 5 ipv4 tcp", "gtp 5", false },
		{ false, 2152, 0, "34ff 0035 00000005 0000 00 85 01 1001 00", "ipv4 udp gtp 5 ipv4 tcp", "gtp 5", false },
		{ false, 1701, 0, "0002 0001 0002 ff03 0021", "ipv4 udp l2tp 65538 ppp ipv4 tcp", "l2tp 65538", false },
		{ true, 5247, 0, "00 100000 0000 0000", "ipv4 udp capwap eth ipv4 tcp", "capwap", false },
		{ false, 5247, 0, "00 100300 0000 0000 0108 0000 020000000003 020000000001 020000000002 5310 aaaa03 000000 0800",
		  "ipv4 udp capwap wlan llc ipv4 tcp", "capwap", false },
		{ false, 4341, 0, "80000000 00000000", "ipv4 udp lisp ipv4 tcp", "lisp", false },
		{ true, 37008, 0, "01 00 0001 00 0a 01 c0 01", "ipv4 udp tzsp eth ipv4 tcp", "tzsp", false },
		{ false, 4754, 0, "0000 0800", "ipv4 udp gre ipv4 tcp", "gre", false },
		{ false, 6635, 0, "0001 0140", "ipv4 udp mpls 16 ipv4 tcp", "mpls 16", false },
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		ipv4_segment(&frame);
		if (cases[i].ethernet)
			bytes_ethernet(&frame, 0x0800);
		bytes_front(&frame, cases[i].front);
		if (cases[i].port != 0)
			bytes_udp(&frame, cases[i].port);
		bytes_ipv4(&frame, cases[i].port != 0 ? 17 : cases[i].protocol);
		decodes(101, cases[i].path, cases[i].encap, cases[i].identity);
	}
	ipv6_segment(&frame);
	bytes_ipv4(&frame, 41);
	decodes(101, "ipv4 ipv6 tcp", "6in4", false);
	ipv4_segment(&frame);
	bytes_ipv6(&frame, 4);
	decodes(101, "ipv6 ipv4 tcp", "4in6", false);
	ipv6_segment(&frame);
	bytes_front(&frame, "0000 00000000 0000");
	bytes_udp(&frame, 3544);
	bytes_ipv4(&frame, 17);
	decodes(101, "ipv4 udp teredo ipv6 tcp", "teredo", false);
}

static void test_identity(void **state)
{
	(void)state;
	static const char *const tags[] = { "", "8100 0001", "8100 0002", "8100 0001 8100 0002", "8100 0002 8100 0001", "8100 0003" };
	uint32_t paths[6];
	for (size_t i = 0; i < 6; i++) {
		struct decoded decoded;
		ipv4_segment(&frame);
		bytes_front(&frame, "0800");
		bytes_front(&frame, tags[i]);
		bytes_front(&frame, "020000000002 020000000001");
		struct packet packet = packet_of(&frame, 1);
		assert_int_equal(decode_packet(&packet, 0, &decoded), DECODE_SEGMENT);
		paths[i] = decoded.segment.path;
		for (size_t j = 0; j < i; j++)
			assert_int_not_equal(paths[i], paths[j]);
	}
	assert_int_equal(paths[0], 0);
}

static void test_extension_headers(void **state)
{
	(void)state;
	static const struct {
		const char *front, *path;
		unsigned next;
	} cases[] = {
		{ "06 00 01 04 00000000", "ipv6 options tcp", 0 },
		{ "3c 00 01 04 00000000 06 00 01 04 00000000", "ipv6 options options tcp", 0 },
		{ "06 02 00 01 00000000 fd0000000000000000000000000000ff", "ipv6 routing tcp", 43 },
		{ "06 00 0000 12345678", "ipv6 fragment tcp", 44 },
		{ "06 01 0000 00000001 00000001", "ipv6 ah tcp", 51 },
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		bytes_new(&frame);
		bytes_tcp(&frame);
		bytes_front(&frame, cases[i].front);
		bytes_ipv6(&frame, cases[i].next);
		decodes(101, cases[i].path, "", false);
	}
}

/* Cisco's ISL has its own two addresses in front of the frame, and the VLAN among what follows them. */
static void test_isl(void **state)
{
	(void)state;
	ipv4_segment(&frame);
	bytes_ethernet(&frame, 0x0800);
	bytes_front(&frame, "01000c000000 020000000009 0000 aaaa03 00000c 0054 0000 0000");
	decodes(1, "eth isl 42 eth ipv4 tcp", "", true);
}

/* What is no TCP segment, or none that can be read, is told apart: other traffic, and what is missing, broken or encrypted. */
static void refuses(uint16_t link_type, const char *front, enum decode_reason reason)
{
	struct packet packet = packet_of(&frame, link_type);
	struct decoded decoded;
	enum decode_result result = decode_packet(&packet, 0, &decoded);
	if (result != (reason == REASON_NONE ? DECODE_NOT_TCP : DECODE_FAILED) || decoded.reason != reason)
		fail_msg("link type %u, %s: result %d, reason %d (was to be %d)", link_type, front, (int)result, (int)decoded.reason, (int)reason);
}

static void test_links_refused(void **state)
{
	(void)state;
	static const struct {
		uint16_t link_type;
		const char *front;
		enum decode_reason reason; /* REASON_NONE: something else than TCP */
	} cases[] = {
		{ 10, "40 020000000002 020000000001", REASON_NONE },                        /* FDDI: not an asynchronous LLC frame */
		{ 6, "10 00 020000000002 020000000001", REASON_NONE },                      /* token ring: a MAC frame */
		{ 7, "01 02 d5 00 0001", REASON_NONE },                                     /* ARCNET: ARP */
		{ 7, "01 02 d4 02 0001", REASON_FRAGMENT },                                 /* the second of several frames */
		{ 143, "80 00 0000 0000", REASON_NONE },                                    /* DOCSIS: no packet PDU */
		{ 239, "02 00 0000 0300 0900", REASON_NONE },                               /* NFLOG: an attribute shorter than its head */
		{ 239, "07 00 0000 3100 0900", REASON_NONE },                               /* a bridge's */
		{ 192, "00 00 0800 ff000000", REASON_LINK_TYPE },                           /* PPI around an unknown link */
		{ 258, "0c000000 01000000 00000100", REASON_LINK_TYPE },                    /* PKTAP around a number that is no link type */
		{ 258, "04000000 01000000 01000000", REASON_LINK_CUT },                     /* shorter than its own fields */
		{ 117, "00 02 00 00", REASON_LINK_CUT },                                    /* PFLOG, likewise */
		{ 178, "4d4744 00 0000", REASON_NONE },                                     /* Juniper with another magic */
		{ 197, "0000000000000000 05 00 0000 0000 0000", REASON_NONE },              /* ERF: AAL5 */
		{ 113, "0000 0338 0000 0000000000000000 0800", REASON_NONE },               /* netlink */
		{ 11, "aaaa03 00000c 2000", REASON_NONE },                                  /* CDP */
		{ 9, "0053", REASON_ENCRYPTED }, { 9, "00fd", REASON_ENCRYPTED },           /* ECP, CCP */
		{ 9, "0031 00 03", REASON_NONE },                                           /* bridged token ring */
		{ 9, "c021", REASON_NONE },                                                 /* LCP */
		{ 107, "1841 03 08", REASON_NONE },                                         /* frame relay: Q.933 */
		{ 105, "c400 0000 020000000002", REASON_NONE },                             /* wireless: CTS */
		{ 105, "4801 0000 020000000002 020000000003 020000000001 1000", REASON_NONE },           /* a data frame without data */
		{ 105, "0842 0000 020000000002 020000000003 020000000001 1000", REASON_ENCRYPTED },      /* protected */
		{ 105, "0802 0000 020000000002 020000000003 020000000001 1100 aaaa03 000000 0800", REASON_FRAGMENT },
		{ 127, "0000 0400 00000000", REASON_LINK_CUT },                             /* radiotap shorter than its own fields */
		{ 119, "44000000 04000000", REASON_LINK_CUT },                              /* Prism, likewise */
		{ 1, "020000000002 020000000001 88e5 0c 00 00000001 0800", REASON_ENCRYPTED },           /* MACsec */
		{ 1, "020000000002 020000000001 8864 1109 0007 002f 0021", REASON_NONE },                /* PPPoE: discovery */
		{ 1, "020000000002 020000000001 894f 0001 0101 00002a01", REASON_NONE },                 /* NSH shorter than its head */
		{ 1, "020000000002 020000000001 8847 0001 0140 50", REASON_NONE },                        /* MPLS around what is no IP */
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		ipv4_segment(&frame);
		bytes_front(&frame, cases[i].front);
		refuses(cases[i].link_type, cases[i].front, cases[i].reason);
	}
}

static void test_tunnels_refused(void **state)
{
	(void)state;
	static const struct {
		uint16_t port;    /* UDP, or 0 */
		uint8_t protocol; /* IP, without UDP */
		const char *front;
		enum decode_reason reason;
	} cases[] = {
		{ 0, 47, "0002 0800", REASON_NONE },                           /* GRE of a version to come */
		{ 0, 47, "1000 88be 00000001 7001 0064 00000000", REASON_NONE }, /* ERSPAN, likewise */
		{ 0, 47, "2001 880b 0000 0009", REASON_NONE },                 /* PPTP: an acknowledgment alone */
		{ 0, 97, "4000", REASON_NONE },                                /* EtherIP of another version */
		{ 0, 50, "00000001 00000001", REASON_ENCRYPTED },              /* ESP */
		{ 0, 51, "0400 0000 00000001", REASON_IP_MALFORMED },          /* AH shorter than its head */
		{ 4789, 0, "00000000 00002a00", REASON_NONE },                 /* VXLAN without the I flag */
		{ 4790, 0, "00000001 00002a00", REASON_NONE },                 /* … generic */
		{ 4790, 0, "0c000009 00002a00", REASON_NONE },                 /* … around an unknown protocol */
		{ 6081, 0, "0080 6558 00002a00", REASON_NONE },                /* Geneve: a control packet */
		{ 2152, 0, "3001 0004 00000005", REASON_NONE },                /* GTP: echo */
		{ 2152, 0, "34ff 0035 00000005 0000 00 85 00", REASON_NONE },  /* … an extension header of no length */
		{ 3544, 0, "0001 0000 0000000000000000 00", REASON_NONE },     /* Teredo around what is no IPv6 */
		{ 1701, 0, "c802 0008 0000 0000", REASON_NONE },               /* L2TP: a control message */
		{ 5247, 0, "01 000000 00000000", REASON_ENCRYPTED },           /* CAPWAP: DTLS */
		{ 5247, 0, "00 100008 00000000", REASON_NONE },                /* … keep-alive */
		{ 5247, 0, "00 100080 0000 0008", REASON_FRAGMENT },           /* … the second fragment */
		{ 5247, 0, "02 000000 00000000", REASON_NONE },                /* … of another version */
		{ 5072, 0, "00000229 00000000", REASON_NONE },                 /* AYIYA: no packet forwarded */
		{ 37008, 0, "01 00 0012 00 00", REASON_NONE },                 /* TZSP whose tags have no end before the packet's */
		{ 37008, 0, "01 04 0001 01", REASON_NONE },                    /* … keep-alive */
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		ipv4_segment(&frame);
		bytes_front(&frame, cases[i].front);
		if (cases[i].port != 0)
			bytes_udp(&frame, cases[i].port);
		bytes_ipv4(&frame, cases[i].port != 0 ? 17 : cases[i].protocol);
		refuses(101, cases[i].front, cases[i].reason);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_links), cmocka_unit_test(test_tags), cmocka_unit_test(test_tunnels), cmocka_unit_test(test_identity),
		cmocka_unit_test(test_extension_headers), cmocka_unit_test(test_isl), cmocka_unit_test(test_links_refused),
		cmocka_unit_test(test_tunnels_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
