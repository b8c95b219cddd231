package org.gridwarden.channel.sip;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.gridwarden.simulator.sip.SipPacket;
import org.gridwarden.simulator.sip.SipWire;

/** A wire that keeps what went over it. */
record Taped(SipWire wire, List<byte[]> sent, List<SipPacket> came) implements SipWire {
  static Taped of(SipWire wire) {
    return new Taped(wire, new CopyOnWriteArrayList<>(), new CopyOnWriteArrayList<>());
  }

  /** How many came with this status. */
  long answers(int status) {
    return came.stream().filter(p -> p.status() == status).count();
  }

  @Override
  public String transport() {
    return wire.transport();
  }

  @Override
  public InetSocketAddress local() {
    return wire.local();
  }

  @Override
  public void send(byte[] message) throws IOException {
    sent.add(message);
    wire.send(message);
  }

  @Override
  public SipPacket receive() throws IOException {
    SipPacket packet = wire.receive();
    came.add(packet);
    return packet;
  }

  @Override
  public void close() {
    wire.close();
  }
}
