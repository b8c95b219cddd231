package org.gridwarden.security.oscore;

import java.util.Optional;
import org.eclipse.californium.core.coap.CoAP;
import org.eclipse.californium.core.coap.CoAP.Code;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.Message;
import org.eclipse.californium.core.coap.MessageFormatException;
import org.eclipse.californium.core.coap.OptionSet;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.network.serialization.DataSerializer;
import org.eclipse.californium.core.network.serialization.UdpDataParser;
import org.eclipse.californium.elements.util.DatagramReader;
import org.eclipse.californium.elements.util.DatagramWriter;

/**
 * Messages of CoAP under OSCORE (RFC 8613, clauses 4 and 8): what is hidden goes into the payload,
 * what a proxy must see stays outside. Pure functions.
 */
public final class OscoreMessages {
  private static final UdpDataParser PARSER = new UdpDataParser(false, new int[0]);

  private OscoreMessages() {}

  /**
   * Puts a request under OSCORE.
   *
   * @param clear as it would be sent without; its destination is kept
   * @param question {@link OscoreContext#ask} with a sequence number that never comes again
   * @param kidContext names the context for who does not know it yet
   */
  public static Request seal(
      Request clear,
      OscoreContext context,
      OscoreContext.Question question,
      Optional<byte[]> kidContext) {
    OptionSet options = clear.getOptions();
    Request outer = new Request(options.hasObserve() ? Code.FETCH : Code.POST, clear.getType());
    outer.setDestinationContext(clear.getDestinationContext());
    outer.setScheme(clear.getScheme());
    if (options.getUriHost() != null) {
      outer.getOptions().setUriHost(options.getUriHost());
    }
    if (options.hasUriPort()) {
      outer.getOptions().setUriPort(options.getUriPort());
    }
    if (options.hasObserve()) {
      outer.getOptions().setObserve(options.getObserve());
    }
    outer
        .getOptions()
        .setOscore(
            new OscoreOption(question.partialIv(), kidContext, Optional.of(context.senderId()))
                .bytes());
    outer.setPayload(context.sealQuestion(question, plain(clear, clear.getRawCode())));
    return outer;
  }

  /**
   * Opens a request. Whether its sequence number came before is the caller's to see to.
   *
   * @return the request that is meant; it has no token, id or type of its own
   * @throws OscoreException where it is not genuine, or holds none
   */
  public static Request open(Request outer, OscoreContext context, OscoreContext.Question question)
      throws OscoreException {
    byte[] plain = context.openQuestion(question, payload(outer));
    int code = plain[0] & 0xFF;
    if (!CoAP.isRequest(code)) {
      throw new OscoreException("it holds no request");
    }
    Request clear;
    try {
      clear = new Request(Code.valueOf(code));
    } catch (MessageFormatException e) {
      throw new OscoreException("it holds no request: " + e.getMessage());
    }
    fill(clear, plain);
    if (clear.getOptions().hasObserve() != outer.getOptions().hasObserve()) {
      throw new OscoreException("it observes without, and not within; or the other way round");
    }
    clear.setType(outer.getType());
    return clear;
  }

  /**
   * Puts an answer under OSCORE.
   *
   * @param sequence a number of the own end's that never comes again; empty to answer under the
   *     question's nonce, which is good for one answer
   */
  public static Response seal(
      Response clear,
      OscoreContext context,
      OscoreContext.Question question,
      Optional<Long> sequence,
      boolean observed) {
    Response outer = new Response(observed ? ResponseCode.CONTENT : ResponseCode.CHANGED);
    byte[] plain = plain(clear, clear.getRawCode());
    if (sequence.isPresent()) {
      outer
          .getOptions()
          .setOscore(
              new OscoreOption(
                      OscoreContext.partialIv(sequence.get()), Optional.empty(), Optional.empty())
                  .bytes());
      outer.setPayload(context.sealAnswer(question, sequence.get(), plain));
    } else {
      outer.getOptions().setOscore(OscoreOption.NOTHING.bytes());
      outer.setPayload(context.sealAnswer(question, plain));
    }
    if (clear.getOptions().hasMaxAge()) {
      outer.getOptions().setMaxAge(clear.getOptions().getMaxAge());
    }
    return outer;
  }

  /**
   * Opens an answer.
   *
   * @throws OscoreException where it is not genuine, or holds none
   */
  public static Response open(
      Response outer, OscoreContext context, OscoreContext.Question question)
      throws OscoreException {
    if (!outer.getOptions().hasOscore()) {
      throw new OscoreException("the answer lies open: " + outer.getCode());
    }
    byte[] plain =
        context.openAnswer(
            question, OscoreOption.parse(outer.getOptions().getOscore()), payload(outer));
    Response clear;
    try {
      clear = new Response(ResponseCode.valueOf(plain[0] & 0xFF));
    } catch (MessageFormatException e) {
      throw new OscoreException("it holds no answer: " + e.getMessage());
    }
    fill(clear, plain);
    if (outer.getOptions().hasObserve()) {
      clear.getOptions().setObserve(outer.getOptions().getObserve());
    }
    return clear;
  }

  /** Code, options of class E, payload (clause 5.3). */
  private static byte[] plain(Message clear, int code) {
    OptionSet inner = new OptionSet(clear.getOptions());
    inner.removeUriHost();
    inner.removeUriPort();
    inner.removeProxyUri();
    inner.removeProxyScheme();
    inner.removeOscore();
    DatagramWriter writer = new DatagramWriter(64);
    writer.writeByte((byte) code);
    DataSerializer.serializeOptionsAndPayload(writer, inner, clear.getPayload());
    return writer.toByteArray();
  }

  private static void fill(Message clear, byte[] plain) throws OscoreException {
    try {
      PARSER.parseOptionsAndPayload(new DatagramReader(plain, 1, plain.length - 1), clear);
    } catch (MessageFormatException | IllegalArgumentException e) {
      throw new OscoreException("what it holds is malformed: " + e.getMessage());
    }
  }

  private static byte[] payload(Message message) {
    byte[] payload = message.getPayload();
    return payload == null ? new byte[0] : payload;
  }
}
