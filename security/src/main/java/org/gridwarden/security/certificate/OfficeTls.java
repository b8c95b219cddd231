package org.gridwarden.security.certificate;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.gridwarden.core.DatagramSecurity;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.TransportPeer;
import org.gridwarden.core.TransportSecurity;
import org.gridwarden.security.certificate.CertificateProfile.Usage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * TLS 1.3 with the office's certificates. Whoever connects shows a certificate that {@link
 * CertificateCheck} takes, also where a session is resumed. {@link #look} cuts what stands on a
 * certificate that was revoked or has ended. Thread-safe.
 *
 * <p>Controls: C22, C23, C25, C40.
 */
public final class OfficeTls implements TransportSecurity, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(OfficeTls.class);
  private static final Set<Holder.Kind> DEVICES =
      EnumSet.of(Holder.Kind.METER, Holder.Kind.CONCENTRATOR);
  private static final long PARTING = 2;

  /** The only version that device ports speak. */
  public static final String VERSION = "TLSv1.3";

  private final CertificateCheck check;
  private final Revocations revocations;
  private final InstantSource clock;
  private final SSLContext server;
  private final SSLContext client;
  private final Map<Secured, X509Certificate> standing = new ConcurrentHashMap<>();
  private final ScheduledThreadPoolExecutor timer;
  private final DatagramSecurity datagrams;

  /**
   * @param own the office's credential, asked for at each handshake: it is renewed meanwhile
   */
  public OfficeTls(
      CertificateCheck check,
      Revocations revocations,
      Supplier<Credential> own,
      InstantSource clock) {
    this(check, revocations, own, clock, DatagramSecurity.NONE);
  }

  /**
   * The same.
   *
   * @param datagrams what is lent to channels of datagrams
   */
  public OfficeTls(
      CertificateCheck check,
      Revocations revocations,
      Supplier<Credential> own,
      InstantSource clock,
      DatagramSecurity datagrams) {
    this.check = check;
    this.datagrams = datagrams;
    this.revocations = revocations;
    this.clock = clock;
    KeyManager keys = new CurrentKey(own);
    this.server = context(keys, new CheckingTrust(check, DEVICES, Usage.CLIENT));
    this.client = context(keys, new CheckingTrust(check, DEVICES, Usage.SERVER));
    this.timer =
        new ScheduledThreadPoolExecutor(
            1, work -> Thread.ofPlatform().name("tls-timer").daemon().unstarted(work));
    timer.setRemoveOnCancelPolicy(true);
    revocations.onNews(this::look);
  }

  /** A context for another listener of the office's, with its own idea of who may connect. */
  static SSLContext context(KeyManager keys, TrustManager trust) {
    try {
      SSLContext context = SSLContext.getInstance(VERSION);
      context.init(
          new KeyManager[] {keys},
          new TrustManager[] {trust},
          org.gridwarden.security.OfficeKey.random());
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java speaks no TLS 1.3", e);
    }
  }

  @Override
  public TransportSecurity.Secured accept(Socket connection) throws IOException {
    SSLSocket socket = accepted(connection);
    socket.setNeedClientAuth(true);
    return new Secured(connection, socket, Usage.CLIENT, Optional.empty());
  }

  @Override
  public TransportSecurity.Secured acceptEither(Socket connection) throws IOException {
    SSLSocket socket = accepted(connection);
    socket.setWantClientAuth(true);
    return new Secured(connection, socket, Usage.CLIENT, Optional.empty());
  }

  private SSLSocket accepted(Socket connection) throws IOException {
    SSLSocket socket = (SSLSocket) server.getSocketFactory().createSocket(connection, null, true);
    socket.setUseClientMode(false);
    return socket;
  }

  @Override
  public TransportSecurity.Secured call(Socket connection, MeterId meter) throws IOException {
    SSLSocket socket =
        (SSLSocket)
            client
                .getSocketFactory()
                .createSocket(
                    connection,
                    connection.getInetAddress().getHostAddress(),
                    connection.getPort(),
                    true);
    socket.setUseClientMode(true);
    return new Secured(connection, socket, Usage.SERVER, Optional.of(meter));
  }

  @Override
  public boolean revocationKnown() {
    return revocations.known(clock.instant());
  }

  @Override
  public DatagramSecurity datagrams() {
    return datagrams;
  }

  /**
   * Cuts connections whose certificate is good no longer. Done at each news, and every so often.
   */
  public void look() {
    standing.forEach((connection, shown) -> {
      if (!check.standing(shown)) {
        LOG.info("a connection of {} is cut: its certificate is good no longer", connection.name());
        connection.cut();
      }
    });
  }

  /** How many connections stand. */
  public int connections() {
    return standing.size();
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }

  private final class Secured implements TransportSecurity.Secured {
    private final Socket raw;
    private final SSLSocket socket;
    private final Usage usage;
    private final Optional<MeterId> wanted;
    private volatile String name = "a stranger";

    Secured(Socket raw, SSLSocket socket, Usage usage, Optional<MeterId> wanted) {
      this.raw = raw;
      this.socket = socket;
      this.usage = usage;
      this.wanted = wanted;
      socket.setEnabledProtocols(new String[] {VERSION});
    }

    @Override
    public Optional<TransportPeer> handshake(Duration within) throws IOException {
      boolean done = false;
      // a timeout of reads would begin anew with each byte that trickles in
      Future<?> end = timer.schedule(this::cut, within.toNanos(), TimeUnit.NANOSECONDS);
      try {
        socket.startHandshake();
        Optional<TransportPeer> peer = showsNothing() ? Optional.empty() : Optional.of(peer());
        done = true;
        return peer;
      } catch (SSLException e) {
        throw new SSLException(
            RefusedCertificate.behind(e)
                .map(r -> "its certificate is refused: " + r.why().words())
                .orElse("no TLS handshake: " + e.getMessage()),
            e);
      } finally {
        end.cancel(false);
        if (!done) {
          cut();
        }
      }
    }

    /** Whether it need not show a certificate, and does not. */
    private boolean showsNothing() {
      return socket.getWantClientAuth() && shown().length == 0;
    }

    private Certificate[] shown() {
      try {
        return socket.getSession().getPeerCertificates();
      } catch (SSLPeerUnverifiedException e) {
        return new Certificate[0];
      }
    }

    /** Looks again, since a resumed session shows no certificate. */
    private TransportPeer peer() throws IOException {
      try {
        Certificate[] shown = socket.getSession().getPeerCertificates();
        X509Certificate[] chain = new X509Certificate[shown.length];
        for (int i = 0; i < shown.length; i++) {
          chain[i] = (X509Certificate) shown[i];
        }
        Holder holder = check.check(chain, DEVICES, usage);
        MeterId id = new MeterId(holder.name());
        if (wanted.isPresent() && !wanted.get().equals(id)) {
          throw new RefusedCertificate(RefusedCertificate.Why.WRONG_NAME);
        }
        name = holder.toString();
        standing.put(this, chain[0]);
        if (!check.standing(chain[0])) {
          throw new RefusedCertificate(RefusedCertificate.Why.REVOKED); // just now
        }
        return new TransportPeer(
            holder.kind() == Holder.Kind.METER
                ? TransportPeer.Kind.METER
                : TransportPeer.Kind.CONCENTRATOR,
            id,
            holder.systemTitle());
      } catch (SSLPeerUnverifiedException | RefusedCertificate e) {
        throw new SSLException(e);
      }
    }

    @Override
    public Socket socket() {
      return socket;
    }

    String name() {
      return name;
    }

    void cut() {
      standing.remove(this);
      try {
        raw.close();
      } catch (IOException e) {
        LOG.debug("closing failed", e);
      }
    }

    @Override
    public void close() {
      standing.remove(this);
      // a peer that reads nothing must not hold up the parting word
      Future<?> end =
          timer.isShutdown() ? null : timer.schedule(this::cut, PARTING, TimeUnit.SECONDS);
      try {
        socket.close();
      } catch (IOException e) {
        LOG.debug("closing failed", e);
      } finally {
        if (end != null) {
          end.cancel(false);
        }
        cut();
      }
    }
  }
}
