package org.gridwarden.dlms.capture;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Takes a capture file apart into its flows. Used once; not thread-safe. */
final class Flows {
  private static final int MOST = 4096;
  private static final int MOST_NAMED = 3;

  private final CaptureSettings settings;
  private final Consumer<CaptureEvent> to;
  private final Map<Key, Flow> flows = new LinkedHashMap<>(64, 0.75f, true);
  private final Map<String, Integer> unread = new TreeMap<>();
  private final List<String> others = new ArrayList<>();
  private int otherCount;
  private boolean anyDlms;

  /** Two endpoints, whoever sends, by TCP or UDP. */
  private record Key(boolean tcp, Endpoint one, Endpoint other) {
    static Key of(boolean tcp, Endpoint from, Endpoint to) {
      return from.compareTo(to) <= 0 ? new Key(tcp, from, to) : new Key(tcp, to, from);
    }
  }

  Flows(CaptureSettings settings, Consumer<CaptureEvent> to) {
    this.settings = settings;
    this.to = to;
  }

  /**
   * Reads a capture file to its end.
   *
   * @param first its first four bytes, which were read already
   */
  void read(byte[] first, InputStream rest) throws IOException {
    try {
      CaptureFile file = CaptureFile.open(first, rest);
      for (Optional<Packet> p = file.next(); p.isPresent(); p = file.next()) {
        take(p.get());
      }
    } catch (CaptureException e) {
      end();
      to.accept(new CaptureEvent.Problem("byte " + e.offset() + " of the file", e.what()));
      return;
    }
    end();
    if (!anyDlms) {
      to.accept(new CaptureEvent.Problem("the whole capture", "there is no DLMS in it"));
    }
  }

  private void take(Packet packet) {
    switch (Transport.of(packet)) {
      case Transport.Tcp tcp -> {
        // who opens the connection, else who has the higher port, is mostly the client
        boolean client = tcp.syn() ? !tcp.acks() : tcp.from().port() >= tcp.to().port();
        flow(true, tcp.from(), tcp.to(), client).take(packet, tcp);
      }
      case Transport.Udp udp -> {
        boolean client = udp.from().port() >= udp.to().port();
        flow(false, udp.from(), udp.to(), client).take(packet, udp);
      }
      case Transport.Unread(String why) -> unread.merge(why, 1, Integer::sum);
      case Transport.Other _ -> {
        // not ours
      }
    }
  }

  private Flow flow(boolean tcp, Endpoint from, Endpoint other, boolean client) {
    Key key = Key.of(tcp, from, other);
    Flow known = flows.get(key);
    if (known != null) {
      return known;
    }
    if (flows.size() >= MOST) {
      Iterator<Flow> silent = flows.values().iterator();
      end(silent.next());
      silent.remove();
    }
    Flow fresh = new Flow(settings, from, other, client, to);
    flows.put(key, fresh);
    return fresh;
  }

  private void end(Flow flow) {
    try (flow) {
      flow.end();
    }
    anyDlms |= flow.isDlms();
    if (!flow.isDlms()) {
      otherCount++;
      if (others.size() < MOST_NAMED) {
        others.add(flow.toString());
      }
    }
  }

  private void end() {
    // copied: the order of the map changes with each look at it
    List.copyOf(flows.values()).forEach(this::end);
    flows.clear();
    if (otherCount > 0) {
      to.accept(
          new CaptureEvent.Note(
              "no DLMS between "
                  + String.join("; ", others)
                  + (otherCount > others.size()
                      ? "; nor in " + (otherCount - others.size()) + " other conversations"
                      : "")));
    }
    unread.forEach((why, count) ->
        to.accept(
            new CaptureEvent.Note(
                count + (count == 1 ? " packet is" : " packets are") + " left out: " + why)));
  }
}
