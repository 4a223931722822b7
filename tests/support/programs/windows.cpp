// A user at an X display without a window manager: says how many windows are shown there, or closes the first as the
// button of its frame does.
//
// windows DISPLAY          prints their number
// windows DISPLAY close
#include <X11/Xlib.h>

#include <cstdio>
#include <string_view>
#include <vector>

namespace {

std::vector<Window> shown_windows(Display* display) {
  Window root = 0;
  Window parent = 0;
  Window* children = nullptr;
  unsigned count = 0;
  std::vector<Window> shown;
  if (XQueryTree(display, DefaultRootWindow(display), &root, &parent, &children, &count) == 0) return shown;
  for (unsigned i = 0; i < count; ++i) {
    XWindowAttributes facts;
    if (XGetWindowAttributes(display, children[i], &facts) != 0 && facts.map_state == IsViewable)
      shown.push_back(children[i]);
  }
  if (children != nullptr) XFree(children);
  return shown;
}

void close_window(Display* display, Window window) {
  XEvent event{};
  event.xclient.type = ClientMessage;
  event.xclient.window = window;
  event.xclient.message_type = XInternAtom(display, "WM_PROTOCOLS", False);
  event.xclient.format = 32;
  event.xclient.data.l[0] = static_cast<long>(XInternAtom(display, "WM_DELETE_WINDOW", False));
  event.xclient.data.l[1] = CurrentTime;
  XSendEvent(display, window, False, NoEventMask, &event);
  XSync(display, False);
}

}  // namespace

int main(int argc, char** argv) {
  Display* const display = argc < 2 ? nullptr : XOpenDisplay(argv[1]);
  if (display == nullptr) return 2;
  const std::vector<Window> windows = shown_windows(display);
  std::printf("%zu\n", windows.size());
  if (argc > 2 && std::string_view(argv[2]) == "close" && !windows.empty()) close_window(display, windows.front());
  XCloseDisplay(display);
}
