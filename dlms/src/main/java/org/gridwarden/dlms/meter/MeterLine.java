package org.gridwarden.dlms.meter;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.gridwarden.dlms.ByteLine;
import org.gridwarden.dlms.hdlc.HdlcSettings;
import org.gridwarden.dlms.hdlc.HdlcStation;
import org.gridwarden.dlms.hdlc.ModeE;

/**
 * Serves clients of one or more logical devices on one line, such as a serial port, in HDLC (IEC
 * 62056-46); where it says who it is, each time after a start in mode E (IEC 62056-21).
 * Thread-safe.
 */
public final class MeterLine implements Closeable {
  /** How long mode E waits before it looks again whether the line is closed. */
  private static final Duration SIGN_ON = Duration.ofMinutes(10);

  /** How long the line stays in HDLC after the last client went: its DISC may come again. */
  private static final Duration LINGER = Duration.ofSeconds(2);

  private final ByteLine line;
  private final Devices devices;
  private final OptionalInt physicalDevice;
  private final HdlcSettings settings;
  private final Optional<ModeE.Meter> modeE;
  private final Thread thread;
  private volatile boolean closed;

  private MeterLine(
      ByteLine line,
      Map<Integer, LogicalDevice> devices,
      OptionalInt physicalDevice,
      HdlcSettings settings,
      Optional<ModeE.Meter> modeE) {
    this.line = line;
    this.devices = new Devices(devices);
    this.physicalDevice = physicalDevice;
    this.settings = settings;
    this.modeE = modeE;
    // a platform thread: a serial port's reads do not know of virtual ones
    this.thread = Thread.ofPlatform().name("meter-line").daemon().unstarted(this::run);
  }

  /**
   * Serves a line in HDLC from its first byte on.
   *
   * @param line closed with this
   * @param devices by upper HDLC address
   * @param physicalDevice the lower HDLC address; empty: whichever a client calls, which only a
   *     device alone on its line may do
   */
  public static MeterLine hdlc(
      ByteLine line,
      Map<Integer, LogicalDevice> devices,
      OptionalInt physicalDevice,
      HdlcSettings settings) {
    MeterLine meter = new MeterLine(line, devices, physicalDevice, settings, Optional.empty());
    meter.thread.start();
    return meter;
  }

  /** Serves a line that begins in mode E; it goes back there when the last client has gone. */
  public static MeterLine modeE(
      ByteLine line,
      Map<Integer, LogicalDevice> devices,
      OptionalInt physicalDevice,
      HdlcSettings settings,
      ModeE.Meter signOn) {
    MeterLine meter = new MeterLine(line, devices, physicalDevice, settings, Optional.of(signOn));
    meter.thread.start();
    return meter;
  }

  /** Whether the line is still served: it ends where its device goes away. */
  public boolean isServed() {
    return thread.isAlive();
  }

  private void run() {
    try (line) {
      while (!closed) {
        boolean ready = modeE.isEmpty() || ModeE.await(line, modeE.get(), SIGN_ON).isPresent();
        if (ready && !serve()) {
          return;
        }
      }
    } catch (EOFException e) {
      // the line has ended
    } catch (IOException e) {
      // it is closed, or its device has gone
    }
  }

  /** Until the last client has gone; false where the line has ended. */
  private boolean serve() throws IOException {
    HdlcStation station = new HdlcStation(devices.directory(), physicalDevice, settings);
    return station.serve(line, settings.inactivity(), LINGER);
  }

  /** Closes the line, and waits a little for what is being answered. */
  @Override
  public void close() throws IOException {
    closed = true;
    line.close();
    try {
      if (Thread.currentThread() != thread) {
        thread.join(Duration.ofSeconds(5));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
