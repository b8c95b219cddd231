package org.gridwarden.simulator.zigbee.meter;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The meter's end of a Smart Energy tunnel (cluster 0x0704) whose protocol is secured messages in
 * segments. A segment is: 0, the message's number, the segment's index, how many there are, data;
 * the data of all begins with the message's class. An answer is: 1, the number, 0 where it is
 * stored. On the model's thread only.
 */
public final class Tunnel {
  /** The protocol's number, among those that a maker may give. */
  static final int PROTOCOL = 200;

  static final int REQUEST = 0x00;
  static final int CLOSE = 0x01;
  static final int TRANSFER_DOWN = 0x02;
  static final int TRANSFER_UP = 0x01;

  /** What fits into a segment. */
  static final int SEGMENT = 64;

  private static final int MOST_SEGMENTS = 255;
  private static final int ATTEMPTS = 3;
  private static final int SUCCESS = 0;
  private static final int NOT_SUPPORTED = 2;
  private static final int DATA = 0;
  private static final int ANSWER = 1;

  private final BiConsumer<byte[], Consumer<Boolean>> line;
  private final ArrayDeque<Message> waiting = new ArrayDeque<>();
  private Consumer<byte[]> received = message -> {};
  private Runnable opened = () -> {};
  private @Nullable Message sending;
  private int tunnel = -1;
  private int number;
  private byte[][] parts = new byte[0][];
  private int partsOf = -1;

  private static final class Message {
    private final byte[] bytes;
    private final Consumer<Boolean> stored;
    private int number;

    private Message(byte[] bytes, Consumer<Boolean> stored) {
      this.bytes = bytes;
      this.stored = stored;
    }

    int segments() {
      return (bytes.length + SEGMENT - 1) / SEGMENT;
    }
  }

  Tunnel(BiConsumer<byte[], Consumer<Boolean>> line) {
    this.line = line;
  }

  /** Who takes messages from the office. */
  public void received(Consumer<byte[]> taker) {
    received = taker;
  }

  /** Who is told that the office has opened it. */
  public void opened(Runnable listener) {
    opened = listener;
  }

  /** Whether the office has opened it. */
  public boolean open() {
    return tunnel >= 0;
  }

  /**
   * Sends a message; where one is under way, afterwards.
   *
   * @param kind its class
   * @param stored told whether the office has it
   */
  public void send(int kind, byte[] message, Consumer<Boolean> stored) {
    byte[] all = new byte[message.length + 1];
    all[0] = (byte) kind;
    System.arraycopy(message, 0, all, 1, message.length);
    if (all.length > SEGMENT * MOST_SEGMENTS) {
      stored.accept(false);
      return;
    }
    waiting.add(new Message(all, stored));
    proceed();
  }

  /** Nobody waits for what is under way any longer. */
  public void giveUp() {
    sending = null;
    waiting.clear();
  }

  private void proceed() {
    if (sending != null || waiting.isEmpty()) {
      return;
    }
    Message message = waiting.remove();
    if (tunnel < 0) {
      message.stored.accept(false);
      return;
    }
    number = number + 1 & 0xFF;
    message.number = number;
    sending = message;
    segment(message, 0, 1);
  }

  private void segment(Message message, int index, int attempt) {
    if (sending != message) {
      return;
    }
    int from = index * SEGMENT;
    byte[] data =
        Arrays.copyOfRange(message.bytes, from, Math.min(from + SEGMENT, message.bytes.length));
    byte[] transfer =
        new Zcl.Out()
            .number(2, tunnel)
            .number(1, DATA)
            .number(1, message.number)
            .number(1, index)
            .number(1, message.segments())
            .bytes(data)
            .done();
    line.accept(
        transfer,
        told -> {
          if (sending != message) {
            return;
          }
          if (!told && attempt < ATTEMPTS) {
            segment(message, index, attempt + 1);
          } else if (!told) {
            end(message, false);
          } else if (index + 1 < message.segments()) {
            segment(message, index + 1, 1);
          }
        });
  }

  private void end(Message message, boolean stored) {
    sending = null;
    message.stored.accept(stored);
    proceed();
  }

  /** Takes a command of the tunnel's client; gives what is to be answered. */
  Optional<Zcl> take(Zcl zcl) {
    byte[] payload = zcl.payload();
    switch (zcl.command()) {
      case REQUEST -> {
        if (payload.length != 6) {
          return Optional.empty();
        }
        boolean fine = (payload[0] & 0xFF) == PROTOCOL;
        if (fine) {
          tunnel = tunnel + 1 & 0x7FFF;
          Message underWay = sending;
          if (underWay != null) {
            end(underWay, false); // it went through the tunnel before this one
          }
          parts = new byte[0][];
          partsOf = -1;
          opened.run();
        }
        byte[] answer =
            new Zcl.Out()
                .number(2, fine ? tunnel : 0xFFFF)
                .number(1, fine ? SUCCESS : NOT_SUPPORTED)
                .number(2, SEGMENT + 4)
                .done();
        return Optional.of(new Zcl(true, true, zcl.sequence(), 0x00, answer));
      }
      case CLOSE -> tunnel = -1;
      case TRANSFER_DOWN -> {
        if (payload.length >= 5 && Zcl.number(payload, 0, 2) == tunnel) {
          transferred(payload);
        }
      }
      default -> {
        // none of ours
      }
    }
    return Optional.empty();
  }

  private void transferred(byte[] payload) {
    int of = payload[3] & 0xFF;
    if (payload[2] == ANSWER) {
      Message message = sending;
      if (message != null && message.number == of) {
        end(message, payload[4] == 0);
      }
      return;
    }
    if (payload[2] != DATA || payload.length < 7) {
      return;
    }
    int index = payload[4] & 0xFF;
    int count = payload[5] & 0xFF;
    if (partsOf != of || parts.length != count) {
      parts = new byte[count][];
      partsOf = of;
    }
    if (index < count) {
      parts[index] = Arrays.copyOfRange(payload, 6, payload.length);
    }
    int length = 0;
    for (byte[] part : parts) {
      if (part == null) {
        return;
      }
      length += part.length;
    }
    byte[] all = new byte[length];
    int at = 0;
    for (byte[] part : parts) {
      System.arraycopy(part, 0, all, at, part.length);
      at += part.length;
    }
    partsOf = -1;
    received.accept(Arrays.copyOfRange(all, 1, all.length));
  }
}
