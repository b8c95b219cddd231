package org.gridwarden.security.dtls;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.eclipse.californium.elements.AddressEndpointContext;
import org.eclipse.californium.elements.EndpointContext;
import org.eclipse.californium.elements.MessageCallback;
import org.eclipse.californium.elements.RawData;
import org.eclipse.californium.scandium.DTLSConnector;
import org.eclipse.californium.scandium.config.DtlsConfig;
import org.eclipse.californium.scandium.config.DtlsConfig.DtlsRole;
import org.eclipse.californium.scandium.config.DtlsConnectorConfig;
import org.eclipse.californium.scandium.dtls.CertificateType;
import org.eclipse.californium.scandium.dtls.pskstore.AdvancedSinglePskStore;
import org.gridwarden.core.DatagramSecurity;
import org.gridwarden.core.Secret;
import org.gridwarden.security.certificate.Credential;
import org.jspecify.annotations.Nullable;

/**
 * A client's line to one DTLS port: a meter's. Shakes hands with the first datagram, and anew where
 * the other end has forgotten it. One thread at a time; any may close.
 */
public final class DtlsLine implements AutoCloseable {
  private static final int MOST_WAITING = 64;

  /** A record, and what it may lie in. */
  private static final int MOST_DATAGRAM = 18_432;

  /** A street has a thousand lines, and these two threads. */
  private static final ScheduledExecutorService WORK =
      new ScheduledThreadPoolExecutor(
          2, work -> Thread.ofPlatform().name("dtls-lines").daemon().unstarted(work));

  private final Connector connector;
  private final InetSocketAddress to;
  private final BlockingQueue<byte[]> received = new LinkedBlockingQueue<>(MOST_WAITING);

  private static final class Connector extends DTLSConnector {
    Connector(DtlsConnectorConfig config) {
      super(config);
    }

    @Override
    protected void init(InetSocketAddress at, DatagramSocket socket, @Nullable Integer mtu)
        throws IOException {
      super.init(at, socket, mtu);
      listen();
    }

    private void listen() {
      Thread.ofVirtual()
          .name("dtls-line")
          .start(() -> {
            byte[] buffer = new byte[MOST_DATAGRAM];
            while (isRunning()) {
              try {
                receiveNextDatagramFromNetwork(new DatagramPacket(buffer, buffer.length));
              } catch (IOException e) {
                // closed; or a port that nobody listens on, which the handshake's timers tell
              }
            }
          });
    }
  }

  private DtlsLine(Connector connector, InetSocketAddress to) {
    this.connector = connector;
    this.to = to;
    connector.setRawDataReceiver(data -> {
      if (!received.offer(data.getBytes())) {
        received.poll(); // nobody fetches them
      }
    });
  }

  /**
   * Opens a port of its own. Nothing is sent yet.
   *
   * @param from the own address; any where empty
   * @param own what is shown
   * @param check whether the other end is who it should be
   */
  public static DtlsLine open(
      InetSocketAddress to, Optional<InetAddress> from, Supplier<Credential> own, ShownCheck check)
      throws IOException {
    return open(
        to,
        from,
        DtlsTerms.of(
            DtlsRole.CLIENT_ONLY,
            new CurrentCertificate(own),
            new ShownCertificates(check),
            DatagramSecurity.Proofs.CERTIFICATES));
  }

  private static DtlsLine open(
      InetSocketAddress to, Optional<InetAddress> from, DtlsConnectorConfig.Builder terms)
      throws IOException {
    Connector connector = connector(from, terms);
    DtlsLine line = new DtlsLine(connector, to);
    connector.start();
    return line;
  }

  /**
   * A client's end for a library that speaks over one itself, CoAP's say; with a certificate.
   *
   * @param from the own address; any where empty
   * @param own what is shown
   * @param bare whether its bare key is shown in its stead (RFC 7250)
   * @param check whether the other end is who it should be
   */
  public static org.eclipse.californium.elements.Connector client(
      Optional<InetAddress> from, Supplier<Credential> own, boolean bare, ShownCheck check) {
    return connector(
        from,
        DtlsTerms.of(
            DtlsRole.CLIENT_ONLY,
            new CurrentCertificate(
                own, List.of(bare ? CertificateType.RAW_PUBLIC_KEY : CertificateType.X_509)),
            new ShownCertificates(check),
            new DatagramSecurity.Proofs(bare, Optional.empty(), true)));
  }

  /**
   * The same with a shared key.
   *
   * @param identity who the client says it is
   */
  public static org.eclipse.californium.elements.Connector client(
      Optional<InetAddress> from, String identity, Secret key) {
    byte[] raw = key.copy();
    try {
      return connector(from, DtlsTerms.of(new AdvancedSinglePskStore(identity, raw)));
    } finally {
      Arrays.fill(raw, (byte) 0);
    }
  }

  private static Connector connector(
      Optional<InetAddress> from, DtlsConnectorConfig.Builder terms) {
    Connector connector =
        new Connector(
            terms
                .setAddress(
                    from.map(a -> new InetSocketAddress(a, 0))
                        .orElseGet(() -> new InetSocketAddress(0)))
                .set(DtlsConfig.DTLS_MAX_CONNECTIONS, 4)
                // a virtual one of our own: the library would take a platform thread a line
                .set(DtlsConfig.DTLS_RECEIVER_THREAD_COUNT, 0)
                .build());
    connector.setExecutor(WORK);
    return connector;
  }

  /**
   * Sends a datagram, after a handshake where there is no association.
   *
   * @param within the time for both
   * @throws IOException where no hands are shaken, or it cannot be sent
   */
  public void send(byte[] datagram, Duration within) throws IOException {
    CompletableFuture<Void> sent = new CompletableFuture<>();
    MessageCallback told =
        new MessageCallback() {
          @Override
          public void onConnecting() {
            // it is waited for
          }

          @Override
          public void onDtlsRetransmission(int flight) {
            // it is waited for
          }

          @Override
          public void onContextEstablished(EndpointContext context) {
            // it is waited for
          }

          @Override
          public void onSent() {
            sent.complete(null);
          }

          @Override
          public void onError(Throwable why) {
            sent.completeExceptionally(why);
          }
        };
    connector.send(RawData.outbound(datagram, new AddressEndpointContext(to), told, false));
    try {
      sent.get(within.toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      Throwable why = e.getCause() == null ? e : e.getCause();
      throw new IOException("no DTLS: " + why.getMessage(), why);
    } catch (TimeoutException e) {
      throw (IOException) new SocketTimeoutException("no DTLS in time").initCause(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw (IOException) new InterruptedIOException("given up").initCause(e);
    }
  }

  /**
   * The next datagram that comes.
   *
   * @throws SocketTimeoutException where none does in time
   */
  public byte[] receive(Duration within) throws IOException {
    try {
      byte[] datagram = received.poll(within.toNanos(), TimeUnit.NANOSECONDS);
      if (datagram == null) {
        throw new SocketTimeoutException("nothing came in time");
      }
      return datagram;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw (IOException) new InterruptedIOException("given up").initCause(e);
    }
  }

  /** The own address and port. */
  public InetSocketAddress local() {
    return connector.getAddress();
  }

  @Override
  public void close() {
    connector.destroy();
  }
}
