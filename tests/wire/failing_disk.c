// A disk that refuses: preloaded into a server, it makes writes of files below $FAILING_FOLDER fail
// with the error number that the file $FAILING_SWITCH holds, while there is such a file.

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

static int error_number(void) {
  const char* path = getenv("FAILING_SWITCH");
  const int fd = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
  if (fd < 0)
    return 0;
  char digits[16] = {0};
  const ssize_t got = read(fd, digits, sizeof digits - 1);
  close(fd);
  return got > 0 ? atoi(digits) : 0;
}

static int is_below_folder(int fd) {
  const char* folder = getenv("FAILING_FOLDER");
  char link[64];
  char path[4096];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  const ssize_t size = readlink(link, path, sizeof path - 1);
  if (!folder || size < 0)
    return 0;
  path[size] = 0;
  return strncmp(path, folder, strlen(folder)) == 0;
}

static int refuses(int fd) {
  const int before = errno;
  const int error = is_below_folder(fd) ? error_number() : 0;
  errno = error ? error : before;
  return error != 0;
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

ssize_t pwrite(int fd, const void* data, size_t size, off_t at) {
  return refuses(fd) ? -1 : REAL(pwrite)(fd, data, size, at);
}

ssize_t pwrite64(int fd, const void* data, size_t size, off64_t at) {
  return refuses(fd) ? -1 : REAL(pwrite64)(fd, data, size, at);
}

int ftruncate(int fd, off_t size) {
  return refuses(fd) ? -1 : REAL(ftruncate)(fd, size);
}

int ftruncate64(int fd, off64_t size) {
  return refuses(fd) ? -1 : REAL(ftruncate64)(fd, size);
}

int fdatasync(int fd) {
  return refuses(fd) ? -1 : REAL(fdatasync)(fd);
}

int fsync(int fd) {
  return refuses(fd) ? -1 : REAL(fsync)(fd);
}
