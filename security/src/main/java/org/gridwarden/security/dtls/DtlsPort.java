package org.gridwarden.security.dtls;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.Principal;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.eclipse.californium.elements.RawData;
import org.eclipse.californium.elements.auth.PreSharedKeyIdentity;
import org.eclipse.californium.elements.auth.X509CertPath;
import org.eclipse.californium.scandium.ConnectionListener;
import org.eclipse.californium.scandium.config.DtlsConfig;
import org.eclipse.californium.scandium.config.DtlsConfig.DtlsRole;
import org.eclipse.californium.scandium.config.DtlsConnectorConfig;
import org.eclipse.californium.scandium.dtls.AlertMessage;
import org.eclipse.californium.scandium.dtls.AlertMessage.AlertDescription;
import org.eclipse.californium.scandium.dtls.AlertMessage.AlertLevel;
import org.eclipse.californium.scandium.dtls.CertificateType;
import org.eclipse.californium.scandium.dtls.Connection;
import org.eclipse.californium.scandium.dtls.ConnectionId;
import org.eclipse.californium.scandium.dtls.DTLSContext;
import org.eclipse.californium.scandium.dtls.HandshakeException;
import org.eclipse.californium.scandium.dtls.Handshaker;
import org.eclipse.californium.scandium.dtls.SessionAdapter;
import org.gridwarden.core.Admission;
import org.gridwarden.core.DatagramSecurity;
import org.gridwarden.core.TransportPeer;
import org.gridwarden.security.certificate.Credential;
import org.gridwarden.security.certificate.RefusedCertificate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A port. A datagram passes the limit of its source, then the form of a record; a first hello is
 * answered by a cookie and remembered nowhere (RFC 6347, 4.2.1); a hello with its cookie takes a
 * place of its source's, which it keeps for so long and no longer, whatever trickles in. Who has
 * shown a certificate holds one association, the newest: a meter that has lost its own comes anew.
 * Thread-safe.
 */
final class DtlsPort extends SessionAdapter implements DatagramSecurity.Port, ConnectionListener {
  private static final Logger LOG = LoggerFactory.getLogger(DtlsPort.class);
  private static final int KERNEL_BUFFER = 4 << 20;
  private static final int MOST_JOBS = 10_000;

  private final DatagramSecurity.Rules rules;
  private final DatagramSecurity.Receiver receiver;
  private final OfficeDtls.Devices devices;
  private final ScheduledExecutorService timer;
  private final OpenConnector connector;

  /** By connection id: the library's connections hash by what changes in them. */
  private final Map<ConnectionId, Half> halves = new ConcurrentHashMap<>();

  private final Map<Named, Standing> standing = new ConcurrentHashMap<>();
  private final Map<ConnectionId, Standing> byConnection = new ConcurrentHashMap<>();
  private volatile boolean closed;

  /** Who may hold one association. */
  private record Named(TransportPeer.Kind kind, String name) {
    static Named of(TransportPeer peer) {
      return new Named(peer.kind(), peer.name().value());
    }
  }

  /** A handshake under way. */
  private record Half(Admission.Ticket ticket, Future<?> end) {}

  DtlsPort(
      DatagramSecurity.Rules rules,
      DatagramSecurity.Receiver receiver,
      Supplier<Credential> own,
      OfficeDtls.Devices devices,
      ScheduledExecutorService timer) {
    this.rules = rules;
    this.receiver = receiver;
    this.devices = devices;
    this.timer = timer;
    DtlsConnectorConfig config =
        DtlsTerms.of(
                DtlsRole.SERVER_ONLY,
                new CurrentCertificate(
                    own,
                    rules.proofs().rawKeys()
                        ? List.of(CertificateType.X_509, CertificateType.RAW_PUBLIC_KEY)
                        : List.of(CertificateType.X_509)),
                new ShownCertificates(devices),
                rules.proofs())
            .setAddress(rules.bind())
            .set(DtlsConfig.DTLS_MAX_CONNECTIONS, rules.most())
            .set(
                DtlsConfig.DTLS_STALE_CONNECTION_THRESHOLD,
                Math.max(1, rules.idle().toSeconds()),
                TimeUnit.SECONDS)
            .set(DtlsConfig.DTLS_MAX_PENDING_INBOUND_JOBS, MOST_JOBS)
            .set(DtlsConfig.DTLS_MAX_PENDING_OUTBOUND_JOBS, MOST_JOBS)
            .set(DtlsConfig.DTLS_RECEIVE_BUFFER_SIZE, KERNEL_BUFFER)
            .set(DtlsConfig.DTLS_RECEIVER_THREAD_COUNT, 1)
            .set(
                DtlsConfig.DTLS_CONNECTOR_THREAD_COUNT,
                1 + Runtime.getRuntime().availableProcessors())
            .setDatagramFilter(new SourceLimit(rules, this::holder))
            .setConnectionListener(this)
            .setSessionListener(this)
            .build();
    this.connector = new OpenConnector(config);
    connector.setRawDataReceiver(this::received);
    connector.setAlertHandler(this::parted);
  }

  void open() throws IOException {
    connector.start();
  }

  boolean closed() {
    return closed;
  }

  @Override
  public int number() {
    return connector.getAddress().getPort();
  }

  @Override
  public Optional<DatagramSecurity.Association> find(TransportPeer device) {
    return Optional.ofNullable(standing.get(Named.of(device)));
  }

  @Override
  public int associations() {
    return standing.size();
  }

  @Override
  public void handshakeStarted(Handshaker handshaker) throws HandshakeException {
    Connection connection = handshaker.getConnection();
    Optional<Admission.Ticket> ticket =
        rules
            .admission()
            .admit(
                rules.via().get(),
                handshaker.getPeerAddress().getAddress(),
                () -> drop(connection));
    if (ticket.isEmpty()) {
      throw refused(
          connection, AlertDescription.INTERNAL_ERROR, "there is no room for another handshake");
    }
    Future<?> end =
        timer.schedule(() -> drop(connection), rules.handshake().toMillis(), TimeUnit.MILLISECONDS);
    halves.put(connection.getConnectionId(), new Half(ticket.get(), end));
  }

  @Override
  public void contextEstablished(Handshaker handshaker, DTLSContext context)
      throws HandshakeException {
    Connection connection = handshaker.getConnection();
    Half half = halves.remove(connection.getConnectionId());
    if (half == null) {
      throw refused(connection, AlertDescription.INTERNAL_ERROR, "it took too long");
    }
    half.end().cancel(false);
    try {
      Proven proven = proven(context.getSession().getPeerIdentity());
      TransportPeer peer = proven.peer();
      Standing fresh =
          new Standing(connector, connection, peer, proven.good(), half.ticket(), this::drop);
      byConnection.put(connection.getConnectionId(), fresh);
      Standing old = standing.put(Named.of(peer), fresh);
      if (old != null) {
        old.replaced();
      }
      if (!half.ticket().authenticated(peer.name()) || !fresh.good()) {
        throw refused(connection, AlertDescription.ACCESS_DENIED, peer + " may not stay");
      }
    } catch (RefusedCertificate e) {
      half.ticket().close();
      throw refused(connection, AlertDescription.BAD_CERTIFICATE, e.why().words());
    }
  }

  /** Who the other end has proven to be, and whether it still counts. */
  private record Proven(TransportPeer peer, BooleanSupplier good) {}

  private Proven proven(@Nullable Principal principal) throws RefusedCertificate {
    if (principal instanceof PreSharedKeyIdentity shared) {
      DatagramSecurity.SharedKey key =
          rules
              .proofs()
              .shared()
              .flatMap(keys -> keys.find(shared.getIdentity()))
              .orElseThrow(() -> new RefusedCertificate(RefusedCertificate.Why.MISSING));
      return new Proven(key.peer(), key.standing());
    }
    X509Certificate shown =
        certificate(principal)
            .orElseThrow(() -> new RefusedCertificate(RefusedCertificate.Why.MISSING));
    return new Proven(OfficeDtls.Devices.peer(shown), () -> devices.standing(shown));
  }

  /** The library keeps what was established, also where it is told that it may not stay. */
  private HandshakeException refused(Connection connection, AlertDescription alert, String why) {
    drop(connection);
    return new HandshakeException(why, new AlertMessage(AlertLevel.FATAL, alert));
  }

  @Override
  public void handshakeFailed(Handshaker handshaker, Throwable why) {
    LOG.debug("{}: {}", rules.via().get(), why.getMessage());
    letGo(handshaker.getConnection());
  }

  @Override
  public void onConnectionEstablished(Connection connection) {
    // told by contextEstablished
  }

  @Override
  public boolean onConnectionUpdatesSequenceNumbers(Connection connection, boolean sent) {
    return false;
  }

  @Override
  public boolean onConnectionMacError(Connection connection) {
    return false; // whoever forges records of another must not end what that one holds
  }

  @Override
  public void beforeExecution(Connection connection) {
    // nothing to prepare
  }

  @Override
  public void updateExecution(Connection connection) {
    // nothing to note
  }

  @Override
  public void afterExecution(Connection connection) {
    // nothing to put away
  }

  @Override
  public void onConnectionRemoved(Connection connection) {
    letGo(connection);
  }

  private void letGo(Connection connection) {
    Half half = halves.remove(connection.getConnectionId());
    if (half != null) {
      half.end().cancel(false);
      half.ticket().close();
    }
    Standing over = byConnection.remove(connection.getConnectionId());
    if (over != null) {
      standing.remove(Named.of(over.peer()), over);
      over.letGo();
    }
  }

  /** The library keeps what its holder closed, for a resumption that is not to be. */
  private void parted(InetSocketAddress peer, AlertMessage alert) {
    if (alert.getDescription() == AlertDescription.CLOSE_NOTIFY) {
      connector.at(peer).ifPresent(this::drop);
    }
  }

  private void drop(Connection connection) {
    try {
      connection.getExecutor().execute(() -> connector.forget(connection));
    } catch (RejectedExecutionException e) {
      connector.forget(connection);
    }
  }

  private void received(RawData data) {
    Optional<Standing> from = at(data.getInetSocketAddress());
    // not who has come to that address meanwhile; the newest of its name alone; and what it stands
    // on must be good at this very datagram
    from.filter(s -> s.isOf(data.getSenderIdentity()))
        .filter(s -> standing.get(Named.of(s.peer())) == s && s.good())
        .ifPresent(s -> receiver.received(s, data.getBytes()));
  }

  /** What stands at an address. */
  private Optional<Standing> at(InetSocketAddress address) {
    return connector.at(address).map(Connection::getConnectionId).map(byConnection::get);
  }

  private Optional<TransportPeer> holder(InetSocketAddress address) {
    return at(address).map(Standing::peer);
  }

  private static Optional<X509Certificate> certificate(@Nullable Principal shown) {
    return shown instanceof X509CertPath path ? Optional.of(path.getTarget()) : Optional.empty();
  }

  void look() {
    standing
        .values()
        .forEach(association -> {
          if (!association.good()) {
            LOG.info(
                "the association of {} is dropped: its certificate or key is good no longer",
                association.peer());
            association.close();
          }
        });
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      connector.destroy();
      halves.values().forEach(half -> half.end().cancel(false));
      halves.values().forEach(half -> half.ticket().close());
      halves.clear();
      standing.values().forEach(Standing::letGo);
      standing.clear();
      byConnection.clear();
    }
  }

  @Override
  public String toString() {
    InetSocketAddress at = connector.getAddress();
    return "DtlsPort[" + at + "]";
  }
}
