// A V4L2 camera for machines without one: loaded into a program (LD_PRELOAD) it answers for the device file that
// HELIOGRAPH_CAMERA names, which need not exist. 640x480 YUYV, about 30 pictures a second: the left half is bright.
//
// The file HELIOGRAPH_CAMERA_STATE, looked at with every call, says how it is: nothing: well; "busy", "away",
// "unplugged".
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/videodev2.h>
#include <poll.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <time.h>
#include <unistd.h>

#include <cstddef>
#include <cstdio>

enum { kWidth = 640, kHeight = 480, kStride = kWidth * 2, kSize = kStride * kHeight, kMost = 32, kGapMs = 33 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int camera = -1;  // An eventfd, to be told apart; its copies belong to the same camera.
static int memory = -1;  // The buffers, one behind the other.
static unsigned buffers;
static unsigned queue[kMost];  // Those that the camera may fill, the oldest first.
static unsigned queued;
static unsigned sequence;
static int streams;
static struct timespec due;

static int is_camera_path(const char* path) {
  const char* const mine = getenv("HELIOGRAPH_CAMERA");
  return mine != nullptr && path != nullptr && strcmp(mine, path) == 0;
}

static int is_in_state(const char* state) {
  const char* const path = getenv("HELIOGRAPH_CAMERA_STATE");
  char text[32] = "";
  FILE* const file = path == nullptr ? nullptr : fopen(path, "r");
  if (file == nullptr) return 0;
  if (fgets(text, sizeof text, file) == nullptr) text[0] = '\0';
  fclose(file);
  return strcmp(text, state) == 0;
}

// By its number in the kernel: GStreamer works on copies of descriptors.
static int is_camera(int fd) {
  char path[64];
  char target[64];
  if (camera < 0 || fd < 0) return 0;
  if (fd == camera) return 1;
  snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
  const ssize_t size = readlink(path, target, sizeof target - 1);
  if (size <= 0) return 0;
  target[size] = '\0';
  return strncmp(target, "/memfd:camera", 13) == 0;
}

template <std::size_t kLength>
void say(unsigned char (&field)[kLength], const char* text) {
  std::snprintf(reinterpret_cast<char*>(field), kLength, "%s", text);
}

static int fail(int code) {
  errno = code;
  return -1;
}

static int open_camera(void) {
  if (is_in_state("away")) return fail(ENOENT);
  pthread_mutex_lock(&lock);
  const int fd = memfd_create("camera", MFD_CLOEXEC);
  if (ftruncate(fd, static_cast<off_t>(kSize) * kMost) != 0) abort();
  camera = memory = fd;
  buffers = queued = sequence = 0;
  streams = 0;
  pthread_mutex_unlock(&lock);
  return fd;
}

/// What would have been called without us.
template <class Function>
Function* next(const char* name) {
  return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}

extern "C" int open(const char* path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  const mode_t mode = (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(rest, mode_t) : 0;
  va_end(rest);
  return is_camera_path(path) ? open_camera() : next<int(const char*, int, ...)>("open")(path, flags, mode);
}

extern "C" int open64(const char* path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  const mode_t mode = (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(rest, mode_t) : 0;
  va_end(rest);
  return is_camera_path(path) ? open_camera() : next<int(const char*, int, ...)>("open64")(path, flags, mode);
}

static int stat_camera(struct stat* facts) {
  if (is_in_state("away")) return fail(ENOENT);
  memset(facts, 0, sizeof *facts);
  facts->st_mode = S_IFCHR | 0660;
  facts->st_rdev = makedev(81, 0);
  return 0;
}

extern "C" int stat(const char* path, struct stat* facts) noexcept {
  return is_camera_path(path) ? stat_camera(facts) : next<int(const char*, struct stat*)>("stat")(path, facts);
}

extern "C" int stat64(const char* path, struct stat64* facts) noexcept {
  return is_camera_path(path) ? stat_camera(reinterpret_cast<struct stat*>(facts))
                              : next<int(const char*, struct stat64*)>("stat64")(path, facts);
}

static void describe(struct v4l2_pix_format* format) {
  memset(format, 0, sizeof *format);
  format->width = kWidth;
  format->height = kHeight;
  format->pixelformat = V4L2_PIX_FMT_YUYV;
  format->field = V4L2_FIELD_NONE;
  format->bytesperline = kStride;
  format->sizeimage = kSize;
  format->colorspace = V4L2_COLORSPACE_SRGB;
}

static void paint(unsigned index) {
  auto* const picture = static_cast<unsigned char*>(
      mmap(nullptr, kSize, PROT_READ | PROT_WRITE, MAP_SHARED, memory, static_cast<off_t>(index) * kSize));
  if (picture == MAP_FAILED) return;
  for (int y = 0; y < kHeight; ++y)
    for (int x = 0; x < kStride; x += 2) {
      picture[y * kStride + x] = x < kStride / 2 ? 200 : 40;
      picture[y * kStride + x + 1] = 128;
    }
  munmap(picture, kSize);
}

static void add_gap(struct timespec* time) {
  time->tv_nsec += kGapMs * 1000000L;
  if (time->tv_nsec < 1000000000L) return;
  time->tv_nsec -= 1000000000L;
  ++time->tv_sec;
}

static int is_due(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec > due.tv_sec || (now.tv_sec == due.tv_sec && now.tv_nsec >= due.tv_nsec);
}

static void fill_facts(struct v4l2_buffer* buffer, unsigned flags) {
  buffer->flags = flags | V4L2_BUF_FLAG_TIMESTAMP_MONOTONIC;
  buffer->length = kSize;
  buffer->memory = V4L2_MEMORY_MMAP;
  buffer->m.offset = buffer->index * kSize;
}

static int take_filled(struct v4l2_buffer* buffer) {
  if (!streams) return fail(EINVAL);
  if (queued == 0 || !is_due()) return fail(EAGAIN);
  buffer->index = queue[0];
  memmove(queue, queue + 1, --queued * sizeof *queue);
  fill_facts(buffer, V4L2_BUF_FLAG_MAPPED | V4L2_BUF_FLAG_DONE);
  buffer->bytesused = kSize;
  buffer->field = V4L2_FIELD_NONE;
  buffer->sequence = sequence++;
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  buffer->timestamp.tv_sec = now.tv_sec;
  buffer->timestamp.tv_usec = now.tv_nsec / 1000;
  add_gap(&due);
  return 0;
}

static int ask(unsigned long request, void* about) {
  // As Linux' uvcvideo: the device can be opened, but not set up.
  if ((request == VIDIOC_S_FMT || request == VIDIOC_REQBUFS) && is_in_state("busy")) return fail(EBUSY);
  switch (request) {
    case VIDIOC_QUERYCAP: {
      auto* const capability = static_cast<v4l2_capability*>(about);
      memset(capability, 0, sizeof *capability);
      say(capability->driver, "imitation");
      say(capability->card, "Imitation");
      say(capability->bus_info, "none");
      capability->device_caps = V4L2_CAP_VIDEO_CAPTURE | V4L2_CAP_STREAMING;
      capability->capabilities = capability->device_caps | V4L2_CAP_DEVICE_CAPS;
      return 0;
    }
    case VIDIOC_ENUMINPUT: {
      auto* const input = static_cast<v4l2_input*>(about);
      if (input->index > 0) return fail(EINVAL);
      say(input->name, "lens");
      input->type = V4L2_INPUT_TYPE_CAMERA;
      input->std = 0;
      input->status = 0;
      input->capabilities = 0;
      return 0;
    }
    case VIDIOC_G_INPUT:
      *static_cast<int*>(about) = 0;
      return 0;
    case VIDIOC_S_INPUT:
      return 0;
    case VIDIOC_ENUM_FMT: {
      auto* const format = static_cast<v4l2_fmtdesc*>(about);
      if (format->index > 0 || format->type != V4L2_BUF_TYPE_VIDEO_CAPTURE) return fail(EINVAL);
      say(format->description, "YUYV 4:2:2");
      format->pixelformat = V4L2_PIX_FMT_YUYV;
      format->flags = 0;
      return 0;
    }
    case VIDIOC_ENUM_FRAMESIZES: {
      auto* const size = static_cast<v4l2_frmsizeenum*>(about);
      if (size->index > 0 || size->pixel_format != V4L2_PIX_FMT_YUYV) return fail(EINVAL);
      size->type = V4L2_FRMSIZE_TYPE_DISCRETE;
      size->discrete.width = kWidth;
      size->discrete.height = kHeight;
      return 0;
    }
    case VIDIOC_ENUM_FRAMEINTERVALS: {
      auto* const interval = static_cast<v4l2_frmivalenum*>(about);
      if (interval->index > 0) return fail(EINVAL);
      interval->type = V4L2_FRMIVAL_TYPE_DISCRETE;
      interval->discrete.numerator = 1;
      interval->discrete.denominator = 30;
      return 0;
    }
    case VIDIOC_G_FMT:
    case VIDIOC_S_FMT:
    case VIDIOC_TRY_FMT: {
      auto* const format = static_cast<v4l2_format*>(about);
      if (format->type != V4L2_BUF_TYPE_VIDEO_CAPTURE) return fail(EINVAL);
      describe(&format->fmt.pix);
      return 0;
    }
    case VIDIOC_G_PARM:
    case VIDIOC_S_PARM: {
      auto* const parameters = static_cast<v4l2_streamparm*>(about);
      if (parameters->type != V4L2_BUF_TYPE_VIDEO_CAPTURE) return fail(EINVAL);
      memset(&parameters->parm, 0, sizeof parameters->parm);
      parameters->parm.capture.capability = V4L2_CAP_TIMEPERFRAME;
      parameters->parm.capture.timeperframe.numerator = 1;
      parameters->parm.capture.timeperframe.denominator = 30;
      return 0;
    }
    case VIDIOC_REQBUFS: {
      auto* const wanted = static_cast<v4l2_requestbuffers*>(about);
      if (wanted->memory != V4L2_MEMORY_MMAP) return fail(EINVAL);
      if (wanted->count > kMost) wanted->count = kMost;
      buffers = wanted->count;
      queued = 0;
      wanted->capabilities = V4L2_BUF_CAP_SUPPORTS_MMAP;
      return 0;
    }
    case VIDIOC_QUERYBUF: {
      auto* const buffer = static_cast<v4l2_buffer*>(about);
      if (buffer->index >= buffers) return fail(EINVAL);
      fill_facts(buffer, 0);
      return 0;
    }
    case VIDIOC_QBUF: {
      auto* const buffer = static_cast<v4l2_buffer*>(about);
      if (buffer->index >= buffers || queued >= kMost) return fail(EINVAL);
      paint(buffer->index);
      queue[queued++] = buffer->index;
      fill_facts(buffer, V4L2_BUF_FLAG_MAPPED | V4L2_BUF_FLAG_QUEUED);
      return 0;
    }
    case VIDIOC_DQBUF:
      return take_filled(static_cast<v4l2_buffer*>(about));
    case VIDIOC_STREAMON:
      streams = 1;
      clock_gettime(CLOCK_MONOTONIC, &due);
      add_gap(&due);
      return 0;
    case VIDIOC_STREAMOFF:
      streams = 0;
      queued = 0;
      return 0;
    default:
      return fail(request == VIDIOC_EXPBUF || request == VIDIOC_CREATE_BUFS ? ENOTTY : EINVAL);
  }
}

extern "C" int ioctl(int fd, unsigned long request, ...) noexcept {
  va_list rest;
  va_start(rest, request);
  void* const about = va_arg(rest, void*);
  va_end(rest);
  if (!is_camera(fd)) return next<int(int, unsigned long, ...)>("ioctl")(fd, request, about);
  for (;;) {
    if (is_in_state("unplugged")) return fail(ENODEV);
    pthread_mutex_lock(&lock);
    const int answer = ask(request, about);
    pthread_mutex_unlock(&lock);
    // Of a device that is opened to wait.
    if (request != VIDIOC_DQBUF || answer == 0 || errno != EAGAIN) return answer;
    usleep(2000);
  }
}

extern "C" int ppoll(struct pollfd* polled, nfds_t count, const struct timespec* patience, const sigset_t* signals) {
  nfds_t index = 0;
  while (index < count && !is_camera(polled[index].fd)) ++index;
  if (index == count)
    return next<int(pollfd*, nfds_t, const timespec*, const sigset_t*)>("ppoll")(polled, count, patience, signals);
  // The others, again and again, and the camera between.
  const struct timespec moment = {0, 2000000};
  for (;;) {
    const short wanted = polled[index].events;
    const int fd = polled[index].fd;
    polled[index].fd = -1;
    int ready = next<int(pollfd*, nfds_t, const timespec*, const sigset_t*)>("ppoll")(polled, count, &moment, signals);
    polled[index].fd = fd;
    polled[index].events = wanted;
    polled[index].revents = 0;
    if (ready < 0) return ready;
    if (is_in_state("unplugged")) {
      polled[index].revents = POLLERR | POLLIN;
      return ready + 1;
    }
    pthread_mutex_lock(&lock);
    const int has_picture = streams && queued > 0 && is_due();
    pthread_mutex_unlock(&lock);
    if (has_picture) {
      polled[index].revents = POLLIN & wanted;
      return ready + 1;
    }
    if (ready > 0) return ready;
  }
}
