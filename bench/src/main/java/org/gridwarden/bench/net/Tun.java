package org.gridwarden.bench.net;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/**
 * A TUN device of Linux: what a namespace sends to it is read here as IP packets, and what is
 * written comes in there. It goes away with its file. Reading and writing may be done by one thread
 * each.
 */
public final class Tun implements AutoCloseable {
  /** The longest packet that is read. */
  public static final int LONGEST = 2_048;

  private static final long TUNSETIFF = 0x4004_54CAL;
  private static final short IFF_TUN = 0x0001;
  private static final short IFF_NO_PI = 0x1000;
  private static final int NAME = 16;
  private static final int IFREQ = 40;
  private static final int O_RDWR_NONBLOCK = 0x0002 | 0x0800;
  private static final short POLLIN = 1;
  private static final int POLL_MILLIS = 200;

  private static final Linker LINKER = Linker.nativeLinker();
  private static final Linker.Option ERRNO = Linker.Option.captureCallState("errno");
  private static final StructLayout CAPTURED = Linker.Option.captureStateLayout();
  private static final VarHandle ERROR =
      CAPTURED.varHandle(MemoryLayout.PathElement.groupElement("errno"));

  private static final MethodHandle OPEN =
      function(
          "open",
          FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT),
          ERRNO,
          Linker.Option.firstVariadicArg(2));
  private static final MethodHandle IOCTL =
      function(
          "ioctl",
          FunctionDescriptor.of(
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_LONG,
              ValueLayout.ADDRESS),
          ERRNO,
          Linker.Option.firstVariadicArg(2));
  private static final MethodHandle READ = transfer("read");
  private static final MethodHandle WRITE = transfer("write");
  private static final MethodHandle POLL =
      function(
          "poll",
          FunctionDescriptor.of(
              ValueLayout.JAVA_INT,
              ValueLayout.ADDRESS,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_INT),
          ERRNO);
  private static final MethodHandle CLOSE =
      function("close", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT), ERRNO);

  private final Arena arena = Arena.ofShared();
  private final String name;
  private final int file;
  private final MemorySegment readError = arena.allocate(CAPTURED);
  private final MemorySegment writeError = arena.allocate(CAPTURED);
  private final MemorySegment in = arena.allocate(LONGEST);
  private final MemorySegment out = arena.allocate(LONGEST);
  private final MemorySegment waits = arena.allocate(8);
  private volatile boolean closed;

  private Tun(String name, int file) {
    this.name = name;
    this.file = file;
    waits.set(ValueLayout.JAVA_INT, 0, file);
    waits.set(ValueLayout.JAVA_SHORT, 4, POLLIN);
  }

  @SuppressWarnings("restricted") // the launcher allows it: --enable-native-access
  private static MethodHandle function(
      String name, FunctionDescriptor form, Linker.Option... options) {
    return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), form, options);
  }

  private static MethodHandle transfer(String name) {
    return function(
        name,
        FunctionDescriptor.of(
            ValueLayout.JAVA_LONG,
            ValueLayout.JAVA_INT,
            ValueLayout.ADDRESS,
            ValueLayout.JAVA_LONG),
        ERRNO);
  }

  /**
   * Makes a device in this process's namespace; {@code ip link set NAME netns OTHER} moves it.
   *
   * @param name 1 to 15 letters
   * @throws IOException where the system does not let it
   */
  public static Tun open(String name) throws IOException {
    if (name.isEmpty() || name.length() >= NAME) {
      throw new IllegalArgumentException("a device's name has 1 to 15 letters: " + name);
    }
    try (Arena scratch = Arena.ofConfined()) {
      MemorySegment error = scratch.allocate(CAPTURED);
      int file = (int) OPEN.invoke(error, scratch.allocateFrom("/dev/net/tun"), O_RDWR_NONBLOCK);
      if (file < 0) {
        throw new IOException(
            "/dev/net/tun cannot be opened (error "
                + number(error)
                + "); are you root, and does"
                + " this kernel have TUN?");
      }
      MemorySegment request = scratch.allocate(IFREQ);
      request.setString(0, name);
      request.set(ValueLayout.JAVA_SHORT, NAME, (short) (IFF_TUN | IFF_NO_PI));
      int answer = (int) IOCTL.invoke(error, file, TUNSETIFF, request);
      if (answer < 0) {
        int what = number(error);
        var unused = (int) CLOSE.invoke(error, file);
        throw new IOException(
            "no TUN device " + name + " (error " + what + "); that takes the right CAP_NET_ADMIN");
      }
      return new Tun(name, file);
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("the C library could not be called", e);
    }
  }

  private static int number(MemorySegment error) {
    return (int) ERROR.get(error, 0L);
  }

  /** Its name. */
  public String name() {
    return name;
  }

  /**
   * Waits for the next packet.
   *
   * @return its bytes; empty where none came for a while
   * @throws IOException where the device is gone
   */
  public byte[] read() throws IOException {
    try {
      if ((int) POLL.invoke(readError, waits, 1L, POLL_MILLIS) <= 0 || closed) {
        return new byte[0];
      }
      long length = (long) READ.invoke(readError, file, in, (long) LONGEST);
      return length <= 0 ? new byte[0] : in.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE);
    } catch (RuntimeException e) {
      throw e;
    } catch (Throwable e) {
      throw new IOException("the device " + name + " cannot be read", e);
    }
  }

  /** Writes a packet; where the other end takes none it is lost, as on a wire. */
  public void write(byte[] packet) throws IOException {
    if (packet.length > LONGEST) {
      throw new IllegalArgumentException("a packet has " + LONGEST + " bytes at most");
    }
    try {
      MemorySegment.copy(packet, 0, out, ValueLayout.JAVA_BYTE, 0, packet.length);
      var unused = (long) WRITE.invoke(writeError, file, out, (long) packet.length);
    } catch (RuntimeException e) {
      throw e;
    } catch (Throwable e) {
      throw new IOException("the device " + name + " cannot be written", e);
    }
  }

  /** The caller sees to it that nobody reads or writes any more. */
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      try {
        var unused = (int) CLOSE.invoke(readError, file);
      } catch (Throwable e) {
        throw new IllegalStateException("the C library could not be called", e);
      }
      arena.close();
    }
  }
}
