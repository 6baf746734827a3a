/* SPDX-License-Identifier: GPL-3.0-or-later
 * privilege: user, groups, capabilities, no_new_privs and Landlock, by the kernel's own calls. */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "capture/privilege.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__linux__)
#include <linux/capability.h>
#if __has_include(<linux/landlock.h>)
#include <linux/landlock.h>
#endif
#endif

#include "util/text.h"

enum { NOBODY = 65534 };

/* Sanitizers read /proc/self of a process that they must be allowed to trace. */
#if defined(__SANITIZE_ADDRESS__)
enum { SANITIZED = 1 };
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
enum { SANITIZED = 1 };
#else
enum { SANITIZED = 0 };
#endif
#else
enum { SANITIZED = 0 };
#endif

struct user {
	uid_t uid;
	gid_t gid;
};

static bool read_id(const char *variable, unsigned *id)
{
	const char *text = getenv(variable);
	char *end;
	if (text == NULL || text[0] < '0' || text[0] > '9')
		return false;
	errno = 0;
	unsigned long value = strtoul(text, &end, 10);
	if (errno != 0 || *end != '\0' || value == 0 || value >= UINT32_MAX)
		return false;
	*id = (unsigned)value;
	return true;
}

/* Who called sudo. False: nobody did, or root. */
static bool find_caller(struct user *user)
{
	unsigned uid, gid;
	if (geteuid() != 0 || !read_id("SUDO_UID", &uid))
		return false;
	*user = (struct user){ .uid = uid, .gid = NOBODY };
	if (read_id("SUDO_GID", &gid))
		user->gid = gid;
	return true;
}

static bool failed(struct buf *error, const char *what)
{
	buf_printf(error, "privileges cannot be given up (%s: %s), so nothing was read", what, strerror(errno));
	return false;
}

/* Whom a folder on the way to the file belongs to, or a link there, when it is not root. False: root has it all to itself. */
static bool find_owner(const char *name, struct user *user)
{
	struct buf path = { 0 };
	char *here = name[0] != '/' ? getcwd(NULL, 0) : NULL;
	bool found = false;
	buf_puts(&path, here != NULL ? here : "");
	buf_puts(&path, here != NULL ? "/" : "");
	buf_puts(&path, name);
	free(here);
	for (size_t i = 1; !found && !path.failed && i < path.len; i++) {
		struct stat status;
		if (path.data[i] != '/')
			continue;
		path.data[i] = '\0';
		found = lstat(path.data, &status) == 0 && status.st_uid != 0;
		path.data[i] = '/';
		if (found)
			*user = (struct user){ .uid = status.st_uid, .gid = status.st_gid };
	}
	buf_free(&path);
	return found;
}

/* A regular file of who opens it, empty. -1: errno says why. */
static int open_own(const char *name)
{
	struct stat status;
	int fd = open(name, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | O_NOCTTY, 0644);
	if (fd < 0)
		return -1;
	int why = fstat(fd, &status) != 0 ? errno : !S_ISREG(status.st_mode) ? EINVAL : status.st_uid != geteuid() ? EPERM : 0;
	if (why == 0 && ftruncate(fd, 0) != 0)
		why = errno;
	if (why == 0)
		return fd;
	close(fd);
	errno = why;
	return -1;
}

static void tell_refused(const char *name, int why, struct buf *error)
{
	static const struct { int number; const char *why; } reasons[] = {
		{ EINVAL, "it is no regular file" }, /* the flows are read from it again: no pipe, no device */
		{ ELOOP, "it is a symbolic link, and those are not followed" },
		{ EPERM, "it belongs to another user" },
	};
	const char *text = strerror(why);
	for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++)
		text = reasons[i].number == why ? reasons[i].why : text;
	buf_puts(error, "cannot write to ");
	text_add_printable(error, name, strlen(name));
	buf_puts(error, ": ");
	buf_puts(error, text);
}

static bool step_aside(const struct user *user)
{
	return setegid(user->gid) == 0 && seteuid(user->uid) == 0; /* the group first: only root may change it */
}

void privilege_step_back(bool aside)
{
	/* Cannot fail, as root is kept as the saved user; who went on nevertheless would be half of each. */
	if (aside && (seteuid(0) != 0 || setegid(getgid()) != 0))
		abort();
}

bool privilege_step_aside(const char *folder, bool *aside)
{
	struct user user;
	*aside = find_caller(&user);
	if (*aside)
		return step_aside(&user);
	return geteuid() != 0 || !find_owner(folder, &user);
}

int privilege_create(const char *name, struct buf *error)
{
	struct user user;
	bool caller = find_caller(&user), other = caller || (geteuid() == 0 && find_owner(name, &user));
	int fd = !other || step_aside(&user) ? open_own(name) : -1;
	int why = errno;
	privilege_step_back(other);
	if (fd < 0) {
		tell_refused(name, why, error);
		if (other)
			buf_printf(error, " (for user %u, %s)", (unsigned)user.uid, caller ? "who called sudo" : "whom a folder on the way there belongs to");
	}
	return fd;
}

static bool become(const struct user *user, struct buf *error)
{
	if (setgroups(0, NULL) != 0)
		return failed(error, "setgroups");
	if (setresgid(user->gid, user->gid, user->gid) != 0)
		return failed(error, "setresgid");
	if (setresuid(user->uid, user->uid, user->uid) != 0)
		return failed(error, "setresuid");
	if (setuid(0) == 0 || seteuid(0) == 0) {
		errno = EPERM;
		return failed(error, "root can be had back");
	}
	return true;
}

static bool drop_user(bool live, struct buf *error)
{
	struct user user = { .uid = NOBODY, .gid = NOBODY };
	if (geteuid() != 0)
		return true;
	if (!find_caller(&user)) {
		/* Root's own files are read as root without capabilities: what is saved from them goes where root may write. */
		if (!live)
			return true;
		const struct passwd *nobody = getpwnam("nobody");
		if (nobody != NULL && nobody->pw_uid != 0)
			user = (struct user){ .uid = nobody->pw_uid, .gid = nobody->pw_gid };
	}
	return become(&user, error);
}

#if defined(__linux__)
static bool drop_capabilities(struct buf *error)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = { { 0 } };
	(void)prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
	if (syscall(SYS_capset, &header, none) != 0)
		return failed(error, "capset");
	return true;
}
#endif

#if defined(LANDLOCK_CREATE_RULESET_VERSION) && defined(SYS_landlock_create_ruleset)
enum {
	READ = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR,
	/* every right of the first version of Landlock: 13 bits; later ones: see handled() */
	ALL_1 = (1 << 13) - 1,
	TRUNCATE = 1 << 14,
	WRITE = READ | LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_MAKE_DIR |
	        LANDLOCK_ACCESS_FS_REMOVE_FILE | TRUNCATE,
	ON_FILES = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_EXECUTE | TRUNCATE
};

struct fence {
	int rules;
	uint64_t handled;
};

static void allow_fd(const struct fence *fence, int fd, uint64_t access)
{
	struct landlock_path_beneath_attr rule = { .allowed_access = access & fence->handled, .parent_fd = fd };
	struct stat status;
	if (fstat(fd, &status) != 0)
		return;
	if (!S_ISDIR(status.st_mode))
		rule.allowed_access &= ON_FILES;
	(void)syscall(SYS_landlock_add_rule, fence->rules, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
}

/* What is not there needs no rule. */
static void allow(const struct fence *fence, const char *path, uint64_t access)
{
	int fd = path != NULL && path[0] != '\0' ? open(path, O_PATH | O_CLOEXEC) : -1;
	if (fd < 0)
		return;
	allow_fd(fence, fd, access);
	close(fd);
}

static void allow_in(const struct fence *fence, const char *folder, const char *below, uint64_t access)
{
	struct buf path = { 0 };
	if (folder == NULL || folder[0] == '\0')
		return;
	buf_puts(&path, folder);
	buf_puts(&path, below);
	if (!path.failed)
		allow(fence, buf_text(&path), access);
	buf_free(&path);
}

/* The folder that a file is in. */
static void allow_beside(const struct fence *fence, const char *name)
{
	const char *slash = strrchr(name, '/');
	struct buf folder = { 0 };
	if (slash == NULL)
		buf_putc(&folder, '.');
	else
		buf_add(&folder, name, slash == name ? 1 : (size_t)(slash - name));
	if (!folder.failed)
		allow(fence, buf_text(&folder), READ);
	buf_free(&folder);
}

/* A folder that is not there yet could not be allowed, and settings not be saved. */
static void allow_settings(const struct fence *fence, bool make)
{
	const char *base = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
	struct buf path = { 0 };
	if ((base == NULL || base[0] != '/') && (home == NULL || home[0] != '/'))
		return;
	buf_puts(&path, base != NULL && base[0] == '/' ? base : home);
	if (base == NULL || base[0] != '/')
		buf_puts(&path, "/.config");
	if (make && !path.failed)
		(void)mkdir(buf_text(&path), 0700);
	buf_puts(&path, "/tcpwhy");
	if (make && !path.failed)
		(void)mkdir(buf_text(&path), 0700);
	if (!path.failed)
		allow(fence, buf_text(&path), WRITE);
	buf_free(&path);
}

static void allow_all(const struct fence *fence, const struct privilege_needs *needs)
{
	/* terminfo, locales, time zones, hosts; /sys: an interface's counts of drops */
	static const char *const readable[] = { "/usr", "/etc", "/lib", "/lib64", "/sys", "/run/systemd/resolve" };
	static const char *const devices[] = { "/dev/tty", "/dev/null" };
	const char *temporary = getenv("TMPDIR");
	for (size_t i = 0; i < sizeof readable / sizeof *readable; i++)
		allow(fence, readable[i], READ);
	for (size_t i = 0; i < sizeof devices / sizeof *devices; i++)
		allow(fence, devices[i], WRITE);
	if (SANITIZED)
		allow(fence, "/proc", READ);
	for (size_t i = 0; i < needs->readable_count; i++)
		allow_beside(fence, needs->readable[i]);
	if (needs->spools >= 0)
		allow_fd(fence, needs->spools, LANDLOCK_ACCESS_FS_REMOVE_FILE);
	allow(fence, getenv("TERMINFO"), READ);
	allow_in(fence, getenv("HOME"), "/.terminfo", READ);
	allow_settings(fence, needs->settings);
	allow(fence, ".", WRITE);
	allow(fence, temporary != NULL && temporary[0] != '\0' ? temporary : "/tmp", WRITE);
}

/* Less than 1: this kernel has none. */
static long landlock_version(void)
{
	return syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
}

static bool fence_files(const struct privilege_needs *needs, struct buf *error)
{
	long version = landlock_version();
	if (version < 1)
		return true;
	/* moving between folders (2) and truncating (3) came later; what is not handled is not forbidden */
	struct fence fence = { .handled = ALL_1 | (version >= 2 ? LANDLOCK_ACCESS_FS_REFER : 0) | (version >= 3 ? TRUNCATE : 0) };
	struct landlock_ruleset_attr attributes = { .handled_access_fs = fence.handled };
	fence.rules = (int)syscall(SYS_landlock_create_ruleset, &attributes, sizeof attributes, 0);
	if (fence.rules < 0)
		return failed(error, "landlock_create_ruleset");
	allow_all(&fence, needs);
	bool done = syscall(SYS_landlock_restrict_self, fence.rules, 0) == 0;
	if (!done)
		failed(error, "landlock_restrict_self");
	close(fence.rules);
	return done;
}
#else
static long landlock_version(void)
{
	return 0;
}
#endif

void privilege_sandbox(struct buf *out)
{
	long version = landlock_version();
	buf_puts(out, "user changed, ");
#if defined(__linux__)
	buf_puts(out, "no capabilities, no_new_privs, ");
#endif
	if (version > 0)
		buf_printf(out, "Landlock %ld", version);
	else
		buf_puts(out, "files not fenced in: no Landlock in this kernel or build");
}

bool privilege_drop(const struct privilege_needs *needs, struct buf *error)
{
	if (!drop_user(needs->live, error))
		return false;
#if defined(__linux__)
	if (!drop_capabilities(error))
		return false;
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		return failed(error, "no_new_privs");
	if (SANITIZED)
		(void)prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
#endif
#if defined(LANDLOCK_CREATE_RULESET_VERSION) && defined(SYS_landlock_create_ruleset)
	return fence_files(needs, error);
#else
	(void)needs;
	return true;
#endif
}
