package org.gridwarden.simulator.coap;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.eclipse.californium.core.coap.BlockOption;
import org.eclipse.californium.core.coap.CoAP.Code;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.Option;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.coap.option.StandardOptionRegistry;
import org.gridwarden.core.KeyAccess.KeySet;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Secret;
import org.gridwarden.message.TransportKey;
import org.gridwarden.security.oscore.OscoreContext;
import org.gridwarden.security.oscore.OscoreException;
import org.gridwarden.security.oscore.OscoreMessages;

/**
 * A meter's line under OSCORE (RFC 8613): each request has a number of its own, and an Echo that is
 * asked for is sent back. Thread-safe.
 */
public final class OscoreLine implements AutoCloseable {
  private static final byte[] NONE = {};
  private static final int BLOCK = 256;

  private final CoapLine line;
  private final OscoreContext context;
  private final byte[] name;
  private final LongSupplier sequences;

  /**
   * @param line without DTLS
   * @param sequences gives each number once, also after a power cut
   */
  public OscoreLine(CoapLine line, MeterId meter, KeySet key, LongSupplier sequences) {
    this.line = line;
    this.name = meter.value().getBytes(StandardCharsets.US_ASCII);
    this.sequences = sequences;
    try (Secret secret = TransportKey.OSCORE.of(meter, key)) {
      this.context = OscoreContext.of(secret, NONE, Optional.of(name), key.keyId(), NONE);
    }
  }

  /**
   * Posts a secured message, in blocks where it is longer than one: within OSCORE, since what is
   * cut outside of it can only be put together before it is opened.
   */
  public CompletableFuture<Response> post(String path, byte[] body, boolean confirmable) {
    return post(path, body, confirmable, 0);
  }

  private CompletableFuture<Response> post(String path, byte[] body, boolean confirmable, int num) {
    int from = num * BLOCK;
    boolean more = body.length > from + BLOCK;
    byte[] part = Arrays.copyOfRange(body, from, Math.min(body.length, from + BLOCK));
    CompletableFuture<Response> answer =
        ask(() -> {
          Request request = line.request(Code.POST, path, confirmable);
          request.getOptions().setContentFormat(CoapLine.COSE_ENCRYPT0);
          if (body.length > BLOCK) {
            request.getOptions().setBlock1(BlockOption.size2Szx(BLOCK), more, num);
          }
          request.setPayload(part);
          return request;
        });
    return more
        ? answer.thenCompose(then ->
            then.getCode() == ResponseCode.CONTINUE
                ? post(path, body, confirmable, num + 1)
                : CompletableFuture.completedFuture(then))
        : answer;
  }

  public CompletableFuture<Response> get(String path) {
    return ask(() -> line.request(Code.GET, path, true));
  }

  /** Makes a request, as it would be without OSCORE. */
  public interface Asking {
    Request make();
  }

  /**
   * Asks, and once more where the office wants to know whether it is now.
   *
   * @return fails where nobody answers, or not who should
   */
  public CompletableFuture<Response> ask(Asking asking) {
    return once(asking.make())
        .thenCompose(answer -> {
          Option echo = answer.getOptions().getOtherOption(StandardOptionRegistry.ECHO);
          if (answer.getCode() != ResponseCode.UNAUTHORIZED || echo == null) {
            return CompletableFuture.completedFuture(answer);
          }
          Request again = asking.make();
          again.getOptions().addOption(echo);
          return once(again);
        });
  }

  private CompletableFuture<Response> once(Request clear) {
    OscoreContext.Question question = context.ask(sequences.getAsLong());
    Request outer = OscoreMessages.seal(clear, context, question, Optional.of(name));
    return line.send(outer).thenApply(answer -> opened(answer, question));
  }

  private Response opened(Response answer, OscoreContext.Question question) {
    try {
      return OscoreMessages.open(answer, context, question);
    } catch (OscoreException e) {
      throw new CompletionException(e);
    }
  }

  /**
   * Observes a resource; the office must know that this meter is now, so something was asked
   * before.
   *
   * @param told each of its states, the first included
   * @param lost where the observation has come to its end
   */
  public void observe(String path, Consumer<Response> told, Runnable lost) {
    OscoreContext.Question question = context.ask(sequences.getAsLong());
    Request clear = line.request(Code.GET, path, true).setObserve();
    Request outer = OscoreMessages.seal(clear, context, question, Optional.of(name));
    Runnable unused =
        line.observe(
            outer,
            answer -> {
              try {
                told.accept(OscoreMessages.open(answer, context, question));
              } catch (OscoreException e) {
                // somebody else's word, or none: changes nothing
              }
            },
            lost);
  }

  @Override
  public void close() {
    line.close();
  }
}
