package org.gridwarden.dlms.capture;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.gridwarden.dlms.Apdus;
import org.gridwarden.dlms.DlmsException;
import org.gridwarden.dlms.LinkDecoder;
import org.gridwarden.dlms.LinkEvent;
import org.gridwarden.dlms.LinkInfo;

/**
 * What two endpoints sent each other, by TCP or UDP. Nothing is told of it before it has shown
 * itself to be DLMS: a capture holds other traffic as well. Not thread-safe.
 */
final class Flow implements AutoCloseable {
  private static final int MOST_HELD = 32;

  private final Consumer<CaptureEvent> to;
  private final Sides sides;
  private final Half[] halves;
  private final String name;
  private final List<CaptureEvent> held = new ArrayList<>();
  private boolean isDlms;
  private long repeated;

  /**
   * @param first who sent the first packet that was seen
   * @param firstIsClient whether that one is taken for the client until a message says it
   */
  Flow(
      CaptureSettings settings,
      Endpoint first,
      Endpoint second,
      boolean firstIsClient,
      Consumer<CaptureEvent> to) {
    this.to = to;
    this.sides = new Sides(settings, true, firstIsClient);
    this.name = first + " and " + second;
    this.halves = new Half[] {new Half(0, first, second), new Half(1, second, first)};
  }

  /** One direction. */
  private final class Half implements TcpStream.Reader {
    private final int side;
    private final Endpoint from;
    private final String path;
    private final TcpStream stream = new TcpStream(this);
    private final LinkDecoder link = LinkDecoder.framed();
    private final ArrayDeque<Mark> marks = new ArrayDeque<>();
    private Packet packet;

    /** How much the decoder was given, and how much there was with what is missing. */
    private long given;

    private long missing;

    Half(int side, Endpoint from, Endpoint to) {
      this.side = side;
      this.from = from;
      this.path = from + " > " + to;
      this.packet = new Packet(0, Optional.empty(), 0, new byte[0], 0);
    }

    /** From where on bytes came with a packet. */
    private record Mark(long given, long missing, long packet) {}

    @Override
    public void data(byte[] bytes) {
      if (link.isIdle()) {
        marks.clear();
      } else if (marks.size() >= 4096) {
        marks.removeFirst();
      }
      marks.add(new Mark(given, missing, packet.number()));
      link.feed(java.nio.ByteBuffer.wrap(bytes));
      given += bytes.length;
      drain();
    }

    @Override
    public void gap(long length) {
      told(
          new CaptureEvent.Problem(
              "packet " + packet.number() + ", what " + from + " sent",
              length + " bytes before it are missing in the capture"));
      restart();
      missing += length;
    }

    /** Gives up what is half there; that it is, the gap has said. */
    private void restart() {
      link.finish();
      for (Optional<LinkEvent> e = link.next(); e.isPresent(); e = link.next()) {
        if (e.get() instanceof LinkEvent.Pdu pdu) {
          take(pdu);
        }
      }
    }

    @Override
    public void repeated() {
      repeated++;
    }

    void end() {
      stream.end();
      link.finish();
      drain();
    }

    private void drain() {
      for (Optional<LinkEvent> e = link.next(); e.isPresent(); e = link.next()) {
        switch (e.get()) {
          case LinkEvent.Bad(long offset, String what) ->
              told(new CaptureEvent.Problem(place(offset), what));
          case LinkEvent.Pdu pdu -> take(pdu);
        }
      }
    }

    private void take(LinkEvent.Pdu pdu) {
      if (!isDlms && !proves(pdu)) {
        return;
      }
      if (!isDlms) {
        isDlms = true;
        held.forEach(to);
        held.clear();
      }
      String time = packet.time().map(Object::toString).orElse("");
      sides.take(pdu, side, time, path, place(pdu.offset()), to);
    }

    private String place(long offset) {
      Mark at = new Mark(0, 0, packet.number());
      for (Mark mark : marks) {
        if (mark.given() > offset) {
          break;
        }
        at = mark;
      }
      return "packet "
          + at.packet()
          + ", byte "
          + (offset + at.missing())
          + " of what "
          + from
          + " sent";
    }
  }

  /** A check sequence, or an APDU that a wrapper fits: chance makes neither. */
  private static boolean proves(LinkEvent.Pdu pdu) {
    if (pdu.link().kind() != LinkInfo.Kind.WRAPPER) {
      return true;
    }
    try {
      Apdus.decode(pdu.apdu());
      return true;
    } catch (DlmsException e) {
      return false;
    }
  }

  private void told(CaptureEvent event) {
    if (isDlms) {
      to.accept(event);
    } else if (held.size() < MOST_HELD) {
      held.add(event);
    }
  }

  /** Takes a TCP segment of one of the two. */
  void take(Packet packet, Transport.Tcp tcp) {
    Half half = half(tcp.from());
    Half other = halves[1 - half.side];
    half.packet = packet;
    if (tcp.syn()) {
      half.end(); // the same ports again, or the first
      half.stream.begin(tcp.sequence());
    }
    if (tcp.payload().length > 0 || tcp.missing() > 0) {
      half.stream.take(tcp.sequence() + (tcp.syn() ? 1 : 0), tcp.payload(), tcp.missing());
    }
    if (tcp.acks() && !tcp.syn()) {
      other.stream.acknowledged(tcp.acknowledged());
    }
  }

  /** Takes a datagram: each holds whole frames. */
  void take(Packet packet, Transport.Udp udp) {
    Half half = half(udp.from());
    half.packet = packet;
    if (udp.cut()) {
      told(
          new CaptureEvent.Problem(
              "packet " + packet.number(), "the capture kept only a part of the datagram"));
    }
    half.data(udp.payload());
    if (!half.link.isBetweenFrames()) {
      half.link.finish();
      half.drain();
    }
  }

  private Half half(Endpoint from) {
    return from.equals(halves[0].from) ? halves[0] : halves[1];
  }

  /** Nothing more comes of it. */
  void end() {
    for (Half half : halves) {
      half.end();
    }
    if (isDlms && repeated > 0) {
      to.accept(
          new CaptureEvent.Note(
              repeated
                  + (repeated == 1 ? " segment between " : " segments between ")
                  + name
                  + " came again and "
                  + (repeated == 1 ? "is" : "are")
                  + " left out"));
    }
  }

  boolean isDlms() {
    return isDlms;
  }

  /** {@code 10.0.0.1:50000 and 10.0.0.7:4059}. */
  @Override
  public String toString() {
    return name;
  }

  @Override
  public void close() {
    sides.close();
  }
}
