/* SPDX-License-Identifier: GPL-3.0-or-later
 * reader: one capture file or pipe as a row of packets: finds the format, reads record by record, spools what cannot be read twice. */
#ifndef TCPWHY_CAPTURE_READER_H
#define TCPWHY_CAPTURE_READER_H

#include "capture/input.h"
#include "capture/pcap.h"
#include "capture/pcapng.h"
#include "capture/savefile.h"
#include "capture/source_types.h"
#include "capture/spool.h"
#include "capture/store.h"

enum reader_format { READER_UNKNOWN, READER_PCAP, READER_PCAPNG, READER_SAVEFILE, READER_SPOOL };

struct reader {
	struct input input;
	enum reader_format format;
	struct pcap_format pcap;
	struct source_interface interface; /* the only one, of what is no pcapng */
	struct pcapng pcapng;
	struct savefile *savefile; /* of READER_SAVEFILE */
	uint64_t packets;          /* numbered so far: also records that are not handed on */
	uint64_t pending;          /* bytes of the record handed out last: passed over when the next one is asked for */
	struct spool *spool;       /* NULL: can be read twice as it is, or need not be */
	int copy_fd;               /* file that a pipe is copied to, and read again from; owned; -1 = none */
	char *copy_name;
	bool copy_failed;          /* and that was said */
	bool spooling;             /* the spool takes more */
	bool ended;
	enum source_status final;
	struct store store;
	char *name;
	struct buf message;
};

/* Opens a file by name ("-" is standard input) and looks at nothing of it but the first four bytes of a regular file, to know whether
 * it needs a spool: a compressed one does; a pipe gets none here. follow: the end of a regular file is a pause. False: *error says why; r needs no reader_close(). */
bool reader_open(struct reader *r, const char *name, bool spool, bool follow, struct buf *error);
void reader_close(struct reader *r);

/* What comes through a pipe is kept in a spool, to be read again: spool_new_named(). False: *error says why. */
bool reader_keep(struct reader *r, uint64_t limit, struct buf *note, struct buf *error);

/* What is read of a pipe goes into this file too (empty, open for reading and writing), and is read again from there; takes fd over in any
 * case. False: *error says why; r is as it was. */
bool reader_copy(struct reader *r, int fd, const char *name, struct buf *error);

/* Finds out the format of a regular file, so that a file of another kind is refused at once; a pipe may have nothing to say yet. False:
 * *error says why. */
bool reader_start(struct reader *r, struct buf *error);

/* The next packet, its number and its offset in this reader's store included. */
enum source_status reader_next(struct reader *r, struct packet *packet);

/* Back to before reader_start(). Regular files only. False: the file cannot be read from its beginning again. */
bool reader_rewind(struct reader *r);

/* Gives back what reading on needs and reading again does not. */
void reader_rest(struct reader *r);

#endif
