package org.gridwarden.channel.dlms;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.gridwarden.channel.dlms.gate.GateProcess;
import org.gridwarden.core.Channel;
import org.gridwarden.core.ChannelException;
import org.gridwarden.core.ChannelId;
import org.gridwarden.core.Deadline;
import org.gridwarden.core.Fault;
import org.gridwarden.core.Health;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.MeterSession;
import org.gridwarden.core.Offer;
import org.gridwarden.core.Reach;
import org.gridwarden.core.TransportSecurity;
import org.gridwarden.dlms.TcpLine;
import org.gridwarden.dlms.Wrapper;
import org.gridwarden.dlms.WrapperLink;

/**
 * Calls meters at the address that the registry knows, in the wrapper over TCP. Opens nothing until
 * it is asked to. Thread-safe.
 */
final class CallChannel implements Channel {
  private static final Pattern ADDRESS =
      Pattern.compile(
          "(tls://)?(?:([^:/\\[\\]]+)|\\[([0-9A-Fa-f:.]+)\\]):([0-9]{1,5})(?:/([0-9]{1,5}))?");

  private static final int MAX_APDU = Wrapper.MAX_APDU;

  private final Common common;
  private final ChannelId id = new ChannelId("dlms", "call");
  private final AtomicInteger sessions = new AtomicInteger();
  private final Optional<DlmsSettings.Gate> gate;
  private volatile Optional<Reader> reader = Optional.empty();
  private volatile Optional<GateProcess> gateProcess = Optional.empty();

  /**
   * @param gate the last gate; started with this channel where its folder is named
   */
  CallChannel(Common common, Optional<DlmsSettings.Gate> gate) {
    this.common = common;
    this.gate = gate;
  }

  /** A meter's address in its parts. */
  record Address(boolean secure, String host, int port, int device) {
    static Optional<Address> of(Reach reach, int usualDevice) {
      Matcher m = ADDRESS.matcher(reach.address());
      if (!m.matches()) {
        return Optional.empty();
      }
      String host = m.group(2) != null ? m.group(2) : m.group(3);
      int port = Integer.parseInt(m.group(4));
      int device = m.group(5) == null ? usualDevice : Integer.parseInt(m.group(5));
      return port >= 1 && port <= 0xFFFF && device >= 1 && device <= 0xFFFF
          ? Optional.of(new Address(m.group(1) != null, host, port, device))
          : Optional.empty();
    }
  }

  @Override
  public ChannelId id() {
    return id;
  }

  @Override
  public void start(Host host) {
    reader = Optional.of(new Reader(common, host, this::id));
    gateProcess = gate.flatMap(g -> g.folder().map(folder -> new GateProcess(folder, g.socket())));
  }

  @Override
  public boolean reaches(MeterId meter) {
    return reader
        .flatMap(r -> r.host().meters().byId(meter))
        .filter(m -> Address.of(m.reach(), 1).isPresent())
        .isPresent();
  }

  @Override
  public Optional<Offer> offer(MeterId meter) {
    return reader.flatMap(r -> r.offer(meter));
  }

  @Override
  public MeterSession open(MeterId meter, Deadline deadline)
      throws ChannelException, InterruptedException {
    Reader with =
        reader.orElseThrow(() ->
            Reader.fault(Fault.Code.CONFLICT, meter, "the channel is not started, or closed"));
    Reader.Known known = with.known(meter);
    Address address =
        Address.of(known.meter().reach(), known.companion().device())
            .orElseThrow(() ->
                Reader.fault(
                    Fault.Code.CONFLICT,
                    meter,
                    "'" + known.meter().reach().address() + "' is no address: host:port/device"));
    Duration patience = common.limits().patience();
    Duration left = deadline.left();
    if (!left.isPositive()) {
      throw Reader.fault(Fault.Code.TIMEOUT, meter, "its time is over");
    }
    WrapperLink link =
        Faults.guarded(
            "meter " + meter,
            () ->
                call(
                    address,
                    meter,
                    with.host().tls(),
                    known.client().number(),
                    left.compareTo(patience) < 0 ? left : patience));
    sessions.incrementAndGet();
    return Guarded.of(
        with.open(
            known,
            link,
            address.device(),
            deadline,
            sessions::decrementAndGet,
            Optional.of(client -> call(address, meter, with.host().tls(), client, patience))),
        address.secure(),
        with.host().tls());
  }

  private static WrapperLink call(
      Address address, MeterId meter, TransportSecurity tls, int client, Duration patience)
      throws IOException {
    InetSocketAddress at = new InetSocketAddress(address.host(), address.port());
    if (at.isUnresolved()) {
      throw new IOException("no host is called " + address.host());
    }
    return address.secure()
        ? new WrapperLink(secure(at, meter, tls, patience), client, address.device(), MAX_APDU)
        : WrapperLink.connect(at, client, address.device(), patience);
  }

  private static TcpLine secure(
      InetSocketAddress at, MeterId meter, TransportSecurity tls, Duration patience)
      throws IOException {
    Socket raw = new Socket();
    try {
      raw.connect(at, Math.max(1, Math.toIntExact(patience.toMillis())));
      TransportSecurity.Secured secured = tls.call(raw, meter);
      var unused = secured.handshake(patience);
      // the parting word may wait for the meter, which nobody else should
      return new TcpLine(
          secured.socket(), () -> Thread.ofVirtual().name("dlms-parting").start(secured::close));
    } catch (IOException e) {
      raw.close();
      throw e;
    }
  }

  @Override
  public Health health() {
    return reader.isEmpty()
        ? new Health(Health.State.DOWN, "not started")
        : new Health(Health.State.UP, sessions.get() + " meters are being read");
  }

  @Override
  public void close() {
    reader = Optional.empty();
    gateProcess.ifPresent(GateProcess::close);
  }
}
