package org.gridwarden.channel.zigbee;

import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.gridwarden.channel.zigbee.dlms.TunnelLine;
import org.gridwarden.core.MeterId;
import org.gridwarden.dlms.ApduLink;
import org.gridwarden.dlms.Wrapper;
import org.gridwarden.dlms.WrapperLink;

/**
 * Tunnels whose protocol is DLMS/COSEM, beside those of secured messages: a meter that speaks it is
 * read like any other, under its DLMS keys, by the wrapper in pieces. One a meter. Thread-safe.
 */
final class DlmsTunnels {
  private static final int PROTOCOL = 0;
  private static final int CLOSE = 0x01;
  private static final int ATTEMPTS = 3;

  private final Talks talks;
  private final Supplier<Optional<Coordinator>> line;
  private final Map<Eui64, Open> open = new ConcurrentHashMap<>();

  private record Open(int tunnel, TunnelLine line) {}

  DlmsTunnels(Talks talks, Supplier<Optional<Coordinator>> line) {
    this.talks = talks;
    this.line = line;
  }

  /**
   * Opens a tunnel to a meter, and a link through it. Closing the link closes the tunnel.
   *
   * @param client the client's number
   * @param device the logical device's
   * @throws IOException where the meter is not reached, or speaks no DLMS here
   */
  ApduLink open(MeterId meter, int client, int device) throws IOException, InterruptedException {
    Known to =
        talks
            .reached(meter)
            .orElseThrow(() -> new IOException("meter " + meter + " is not reached now"));
    byte[] request =
        new Zcl.Out()
            .number(1, PROTOCOL)
            .number(2, TunnelEnd.NO_MAKER)
            .number(1, 0)
            .number(2, TunnelLine.PIECE + 2)
            .done();
    byte[] response =
        talks
            .ask(to, Clusters.TUNNELING, true, TunnelEnd.REQUEST, request)
            .filter(r -> r.cluster() && r.command() == TunnelEnd.REQUEST_RESPONSE)
            .map(Zcl::payload)
            .filter(p -> p.length == 5)
            .orElseThrow(() -> new IOException("meter " + meter + " opens no tunnel"));
    if (response[2] != 0) {
      throw new IOException(
          "meter " + meter + " has no tunnel for DLMS: it says " + (response[2] & 0xFF));
    }
    int tunnel = (int) Zcl.number(response, 0, 2);
    TunnelLine bytes = new TunnelLine(way(to, tunnel));
    Open before = open.put(to.eui64(), new Open(tunnel, bytes));
    if (before != null) {
      before.line.close();
    }
    return new WrapperLink(bytes, client, device, Wrapper.MAX_APDU);
  }

  private TunnelLine.Way way(Known to, int tunnel) {
    return new TunnelLine.Way() {
      @Override
      public boolean send(int number, byte[] piece) throws InterruptedException {
        byte[] transfer = new Zcl.Out().number(2, tunnel).bytes(piece, 0, piece.length).done();
        return say(to, new Zcl(true, false, number, TunnelEnd.TRANSFER_TO_METER, transfer));
      }

      @Override
      public void close() {
        open.computeIfPresent(to.eui64(), (name, its) -> its.tunnel == tunnel ? null : its);
        byte[] closed = new Zcl.Out().number(2, tunnel).done();
        Thread.ofVirtual()
            .name("zigbee-parting")
            .start(() -> {
              try {
                say(to, new Zcl(true, false, 0, CLOSE, closed));
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
      }
    };
  }

  /** Told twice it means the same: pieces have their numbers. */
  private boolean say(Known to, Zcl what) throws InterruptedException {
    byte[] bytes = what.bytes();
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      Optional<Coordinator> by = line.get();
      if (by.isPresent()
          && by.get()
              .send(
                  to.address(),
                  Clusters.ENDPOINT,
                  Clusters.PROFILE,
                  Clusters.TUNNELING,
                  true,
                  bytes)) {
        return true;
      }
    }
    return false;
  }

  /** Takes a transfer; false where it is through no tunnel of these. */
  boolean take(Known from, Zcl transfer) {
    Open its = open.get(from.eui64());
    byte[] payload = transfer.payload();
    if (its == null || payload.length < 2 || Zcl.number(payload, 0, 2) != its.tunnel) {
      return false;
    }
    its.line.came(transfer.sequence(), Arrays.copyOfRange(payload, 2, payload.length));
    return true;
  }
}
