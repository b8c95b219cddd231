package org.gridwarden.channel.zigbee;

import com.fazecast.jSerialComm.SerialPort;
import com.fazecast.jSerialComm.SerialPortInvalidPortException;
import com.zsmartsystems.zigbee.transport.ZigBeePort;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A serial port as the library's drivers want it: reads wait for a while and give -1 where nothing
 * came, so that a driver that is closed ends. One thread reads, one at a time writes.
 */
final class DonglePort implements ZigBeePort {
  private static final int READ_MILLIS = 100;
  private static final long GONE_PAUSE = 100_000_000L;

  private final String device;
  private final int speed;
  private final byte[] buffer = new byte[512];
  private volatile @Nullable SerialPort port;
  private int at;
  private int filled;

  DonglePort(String device, int speed) {
    this.device = device;
    this.speed = speed;
  }

  @Override
  public boolean open() {
    return open(speed);
  }

  @Override
  public boolean open(int baudRate) {
    return open(baudRate, FlowControl.FLOWCONTROL_OUT_NONE);
  }

  @Override
  public boolean open(int baudRate, FlowControl flowControl) {
    SerialPort opened;
    try {
      opened = SerialPort.getCommPort(device);
    } catch (SerialPortInvalidPortException e) {
      return false;
    }
    opened.setComPortParameters(baudRate, 8, SerialPort.ONE_STOP_BIT, SerialPort.NO_PARITY);
    opened.setFlowControl(
        flowControl == FlowControl.FLOWCONTROL_OUT_RTSCTS
            ? SerialPort.FLOW_CONTROL_RTS_ENABLED | SerialPort.FLOW_CONTROL_CTS_ENABLED
            : SerialPort.FLOW_CONTROL_DISABLED);
    opened.setComPortTimeouts(
        SerialPort.TIMEOUT_READ_SEMI_BLOCKING | SerialPort.TIMEOUT_WRITE_BLOCKING, READ_MILLIS, 0);
    // the library's last error code says nothing: it is 25 on a pseudo-terminal that is open
    if (!opened.openPort()) {
      return false;
    }
    port = opened;
    return true;
  }

  @Override
  public void close() {
    SerialPort open = port;
    port = null;
    if (open != null) {
      open.closePort();
    }
  }

  @Override
  public void write(int value) {
    write(new int[] {value});
  }

  @Override
  public void write(int[] values) {
    SerialPort open = port;
    if (open == null) {
      return;
    }
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    for (int done = 0; done < bytes.length; ) {
      int count = open.writeBytes(bytes, bytes.length - done, done);
      if (count <= 0) {
        return; // gone: the driver notices that nothing is acknowledged
      }
      done += count;
    }
  }

  @Override
  public int read() {
    return read(READ_MILLIS);
  }

  @Override
  public int read(int timeout) {
    if (at < filled) {
      return buffer[at++] & 0xFF;
    }
    SerialPort open = port;
    int count = open == null ? -1 : open.readBytes(buffer, buffer.length);
    if (count < 0) {
      LockSupport.parkNanos(GONE_PAUSE); // the driver would ask again at once
    }
    if (count <= 0) {
      return -1;
    }
    at = 1;
    filled = count;
    return buffer[0] & 0xFF;
  }

  @Override
  public void purgeRxBuffer() {
    at = 0;
    filled = 0;
  }
}
