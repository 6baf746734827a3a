/* SPDX-License-Identifier: GPL-3.0-or-later
 * trace_page: pages of trace events and formats that describe them, made by hand, for the tests of kernel/. Little-endian and big-endian
 * machines alike: everything is in the byte order of the machine, as the kernel writes it. */
#ifndef TCPWHY_TESTS_TRACE_PAGE_H
#define TCPWHY_TESTS_TRACE_PAGE_H

#include <stdint.h>
#include <string.h>

/* header_page as 64-bit kernels write it. */
static const char header_page[] =
	"\tfield: u64 timestamp;\toffset:0;\tsize:8;\tsigned:0;\n"
	"\tfield: local_t commit;\toffset:8;\tsize:8;\tsigned:1;\n"
	"\tfield: int overwrite;\toffset:8;\tsize:1;\tsigned:1;\n"
	"\tfield: char data;\toffset:16;\tsize:4080;\tsigned:0;\n";

#define COMMON_FIELDS \
	"format:\n\tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;\n" \
	"\tfield:unsigned char common_flags;\toffset:2;\tsize:1;\tsigned:0;\n" \
	"\tfield:unsigned char common_preempt_count;\toffset:3;\tsize:1;\tsigned:0;\n" \
	"\tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;\n\n"

/* tcp_send_reset of Linux 6.10 and later. */
static const char sent_format[] =
	"name: tcp_send_reset\nID: 601\n" COMMON_FIELDS
	"\tfield:const void * skbaddr;\toffset:8;\tsize:8;\tsigned:0;\n"
	"\tfield:int state;\toffset:24;\tsize:4;\tsigned:1;\n"
	"\tfield:enum sk_rst_reason reason;\toffset:28;\tsize:4;\tsigned:0;\n"
	"\tfield:__u8 saddr[28];\toffset:32;\tsize:28;\tsigned:0;\n"
	"\tfield:__u8 daddr[28];\toffset:60;\tsize:28;\tsigned:0;\n\n"
	"print fmt: \"state=%s reason=%s\", REC->state ? __print_symbolic(REC->state, { TCP_LISTEN, \"TCP_LISTEN\" }) : \"UNKNOWN\", "
	"__print_symbolic(REC->reason, { 0, \"NOT_SPECIFIED\" }, { 1, \"NO_SOCKET\" }, { 6, \"TCP_FLAGS\" }, { 14, \"TCP_STATE\" })\n";

/* Likewise of kernels before: addresses apart from ports, no reason. */
static const char old_sent_format[] =
	"name: tcp_send_reset\nID: 602\n" COMMON_FIELDS
	"\tfield:const void * skbaddr;\toffset:8;\tsize:8;\tsigned:0;\n"
	"\tfield:const void * skaddr;\toffset:16;\tsize:8;\tsigned:0;\n"
	"\tfield:int state;\toffset:24;\tsize:4;\tsigned:1;\n"
	"\tfield:__u16 sport;\toffset:28;\tsize:2;\tsigned:0;\n"
	"\tfield:__u16 dport;\toffset:30;\tsize:2;\tsigned:0;\n"
	"\tfield:__u8 saddr[4];\toffset:32;\tsize:4;\tsigned:0;\n"
	"\tfield:__u8 daddr[4];\toffset:36;\tsize:4;\tsigned:0;\n"
	"\tfield:__u8 saddr_v6[16];\toffset:40;\tsize:16;\tsigned:0;\n"
	"\tfield:__u8 daddr_v6[16];\toffset:56;\tsize:16;\tsigned:0;\n";

static const char state_format[] =
	"name: inet_sock_set_state\nID: 603\n" COMMON_FIELDS
	"\tfield:int oldstate;\toffset:16;\tsize:4;\tsigned:1;\n"
	"\tfield:int newstate;\toffset:20;\tsize:4;\tsigned:1;\n"
	"\tfield:__u16 sport;\toffset:24;\tsize:2;\tsigned:0;\n"
	"\tfield:__u16 dport;\toffset:26;\tsize:2;\tsigned:0;\n"
	"\tfield:__u16 protocol;\toffset:30;\tsize:2;\tsigned:0;\n"
	"\tfield:__u8 saddr[4];\toffset:32;\tsize:4;\tsigned:0;\n"
	"\tfield:__u8 daddr[4];\toffset:36;\tsize:4;\tsigned:0;\n";

static const char drop_format[] =
	"name: kfree_skb\nID: 604\n" COMMON_FIELDS
	"\tfield:void * skbaddr;\toffset:8;\tsize:8;\tsigned:0;\n"
	"\tfield:unsigned short protocol;\toffset:32;\tsize:2;\tsigned:0;\n"
	"\tfield:enum skb_drop_reason reason;\toffset:36;\tsize:4;\tsigned:0;\n"
	"print fmt: \"reason: %s\", __print_symbolic(REC->reason, { 2, \"NOT_SPECIFIED\" }, { 3, \"NO_SOCKET\" }, { 12, \"NETFILTER_DROP\" })\n";

/* Bytes being put together; more than there is room for are left out. */
struct bytes_made {
	uint8_t at[8192];
	size_t n;
};

static inline void made_put(struct bytes_made *m, const void *bytes, size_t n)
{
	if (n <= sizeof m->at - m->n) {
		memcpy(m->at + m->n, bytes, n);
		m->n += n;
	}
}

static inline void made_32(struct bytes_made *m, uint32_t value) { made_put(m, &value, sizeof value); }

/* The word before an event. */
static inline void made_head(struct bytes_made *m, unsigned type, uint32_t delta)
{
	made_32(m, __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? delta << 5 | type : (uint32_t)type << 27 | delta);
}

static inline void made_page(struct bytes_made *m, uint64_t time, const struct bytes_made *events, uint64_t flags)
{
	uint64_t commit = events->n | flags;
	m->n = 0;
	made_put(m, &time, sizeof time);
	made_put(m, &commit, sizeof commit);
	made_put(m, events->at, events->n);
}

#endif
