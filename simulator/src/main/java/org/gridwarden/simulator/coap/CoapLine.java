package org.gridwarden.simulator.coap;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.eclipse.californium.core.CoapClient;
import org.eclipse.californium.core.CoapHandler;
import org.eclipse.californium.core.CoapObserveRelation;
import org.eclipse.californium.core.CoapResponse;
import org.eclipse.californium.core.coap.CoAP.Code;
import org.eclipse.californium.core.coap.CoAP.Type;
import org.eclipse.californium.core.coap.MessageObserverAdapter;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.config.CoapConfig;
import org.eclipse.californium.core.network.CoapEndpoint;
import org.eclipse.californium.elements.Connector;
import org.eclipse.californium.elements.UDPConnector;
import org.eclipse.californium.elements.config.Configuration;
import org.eclipse.californium.elements.config.SystemConfig;
import org.eclipse.californium.elements.config.UdpConfig;

/**
 * A meter's line to a CoAP endpoint: asks, posts in blocks where it must, and observes.
 * Thread-safe; what comes is told in threads that serve many lines and must not be held up.
 */
public final class CoapLine implements AutoCloseable {
  /** The content-format of a secured message. */
  public static final int COSE_ENCRYPT0 = 16;

  private static final int BIGGEST = 32 << 10;

  /** To successes, to errors of either side: none (RFC 7967, 2.1). */
  private static final int NO_RESPONSE = 26;

  /** A street has a thousand lines, and these threads. */
  private static final ScheduledExecutorService WORK =
      new ScheduledThreadPoolExecutor(
          2, work -> Thread.ofPlatform().name("coap-lines").daemon().unstarted(work));

  static {
    CoapConfig.register();
    UdpConfig.register();
    SystemConfig.register();
  }

  private final CoapEndpoint endpoint;
  private final String base;

  private CoapLine(CoapEndpoint endpoint, String base) {
    this.endpoint = endpoint;
    this.base = base;
  }

  /** How long the first answer is waited for before a message is sent again, and what else. */
  private static Configuration terms(Duration patience, int block) {
    return new Configuration()
        .set(CoapConfig.ACK_TIMEOUT, (int) patience.toMillis(), TimeUnit.MILLISECONDS)
        .set(CoapConfig.MAX_RESOURCE_BODY_SIZE, BIGGEST)
        .set(CoapConfig.PREFERRED_BLOCK_SIZE, block)
        .set(CoapConfig.MAX_MESSAGE_SIZE, block)
        .set(CoapConfig.MAX_ACTIVE_PEERS, 16)
        .set(CoapConfig.MAX_RETRANSMIT, 6)
        .set(CoapConfig.RESPONSE_MATCHING, CoapConfig.MatcherMode.RELAXED)
        .set(SystemConfig.HEALTH_STATUS_INTERVAL, 0, TimeUnit.SECONDS)
        .set(UdpConfig.UDP_RECEIVER_THREAD_COUNT, 1)
        .set(UdpConfig.UDP_SENDER_THREAD_COUNT, 1);
  }

  /**
   * Without DTLS.
   *
   * @param from the own address; any where empty
   * @param patience how long the first acknowledgement is waited for; RFC 7252 has 2 s
   */
  public static CoapLine plain(InetSocketAddress to, Optional<InetAddress> from, Duration patience)
      throws IOException {
    Configuration terms = terms(patience, 512);
    return open(
        "coap",
        to,
        new UDPConnector(
            from.map(a -> new InetSocketAddress(a, 0)).orElseGet(() -> new InetSocketAddress(0)),
            terms),
        terms);
  }

  /**
   * Over a connector of DTLS.
   *
   * @param patience how long the first acknowledgement is waited for; RFC 7252 has 2 s
   */
  public static CoapLine secure(InetSocketAddress to, Connector dtls, Duration patience)
      throws IOException {
    return open("coaps", to, dtls, terms(patience, 512));
  }

  private static CoapLine open(
      String scheme, InetSocketAddress to, Connector connector, Configuration terms)
      throws IOException {
    CoapEndpoint endpoint =
        CoapEndpoint.builder().setConfiguration(terms).setConnector(connector).build();
    endpoint.setExecutors(WORK, WORK);
    endpoint.start();
    return new CoapLine(
        endpoint, scheme + "://" + to.getAddress().getHostAddress() + ":" + to.getPort() + "/");
  }

  /** A request to be sent by {@link #send}. */
  public Request request(Code code, String path, boolean confirmable) {
    Request request = new Request(code, confirmable ? Type.CON : Type.NON);
    request.setURI(base + path);
    return request;
  }

  /** Posts a secured message. */
  public CompletableFuture<Response> post(String path, byte[] body, boolean confirmable) {
    Request request = request(Code.POST, path, confirmable);
    request.getOptions().setContentFormat(COSE_ENCRYPT0);
    request.setPayload(body);
    return send(request);
  }

  /** Posts a secured message to which nobody is to answer, whatever becomes of it. */
  public void tell(String path, byte[] body) {
    Request request = request(Code.POST, path, false);
    request.getOptions().setContentFormat(COSE_ENCRYPT0);
    request.getOptions().setNoResponse(NO_RESPONSE);
    request.setPayload(body);
    endpoint.sendRequest(request);
  }

  public CompletableFuture<Response> get(String path) {
    return send(request(Code.GET, path, true));
  }

  /**
   * Sends a request.
   *
   * @return fails where no answer came in time, or the other end knows nothing of it
   */
  public CompletableFuture<Response> send(Request request) {
    CompletableFuture<Response> answer = new CompletableFuture<>();
    request.addMessageObserver(
        new MessageObserverAdapter() {
          @Override
          public void onResponse(Response response) {
            answer.complete(response);
          }

          @Override
          public void onTimeout() {
            answer.completeExceptionally(new IOException("nobody answers"));
          }

          @Override
          public void onReject() {
            answer.completeExceptionally(new IOException("the message was rejected"));
          }

          @Override
          public void onCancel() {
            answer.completeExceptionally(new IOException("the request was canceled"));
          }

          @Override
          public void onSendError(Throwable error) {
            answer.completeExceptionally(new IOException("it could not be sent: " + error, error));
          }
        });
    endpoint.sendRequest(request);
    return answer;
  }

  /**
   * Observes a resource.
   *
   * @param told each of its states, the first included
   * @param lost once, where the observation has come to its end
   * @return to be told no longer
   */
  public Runnable observe(String path, Consumer<Response> told, Runnable lost) {
    return observe(request(Code.GET, path, true).setObserve(), told, lost);
  }

  Runnable observe(Request request, Consumer<Response> told, Runnable lost) {
    CoapClient client = new CoapClient(base).setEndpoint(endpoint);
    CoapObserveRelation relation =
        client.observe(
            request,
            new CoapHandler() {
              @Override
              public void onLoad(CoapResponse response) {
                told.accept(response.advanced());
              }

              @Override
              public void onError() {
                lost.run();
              }
            });
    return relation::proactiveCancel;
  }

  /** The own address and port. */
  public InetSocketAddress local() {
    return endpoint.getAddress();
  }

  @Override
  public void close() {
    endpoint.destroy();
  }
}
