package org.gridwarden.channel.coap;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.Option;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.coap.option.StandardOptionRegistry;
import org.gridwarden.core.Channel;
import org.gridwarden.core.KeyAccess.KeySet;
import org.gridwarden.core.KeyAccess.Purpose;
import org.gridwarden.core.Meter;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Secret;
import org.gridwarden.core.TransportPeer;
import org.gridwarden.message.TransportKey;
import org.gridwarden.message.listener.Tally;
import org.gridwarden.security.oscore.OscoreContext;
import org.gridwarden.security.oscore.OscoreException;
import org.gridwarden.security.oscore.OscoreMessages;
import org.gridwarden.security.oscore.OscoreOption;
import org.gridwarden.security.oscore.SequenceWindow;

/**
 * Requests under OSCORE (RFC 8613): the context's name is the meter's id, the meter's own the id of
 * its key, the office's is empty; the Master Secret follows from that key. Which numbers came is
 * kept in memory; a meter whose window is not known, after a restart say, must send an Echo back
 * first (appendix B.1.2). Thread-safe.
 */
final class Oscore {
  private static final int MOST = 65_536;
  private static final int RESERVE = 16;
  private static final byte[] NONE = {};

  private final Channel.Host host;
  private final Echoes echoes;
  private final InFlight inFlight;
  private final Tally tally;
  private final Map<Name, State> states =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Name, State> eldest) {
          return size() > MOST;
        }
      };

  private record Name(MeterId meter, String keyId) {}

  /** What stands between the office and one meter under one key. */
  private final class State {
    private final MeterId meter;
    private final byte[] keyId;
    private final OscoreContext context;
    private final SequenceWindow window = new SequenceWindow();
    private boolean known;
    private long next;
    private long end;

    State(MeterId meter, byte[] keyId, OscoreContext context) {
      this.meter = meter;
      this.keyId = keyId;
      this.context = context;
    }

    /** A number of the office's own, durably never to come again. */
    synchronized long sequence() {
      if (next == end) {
        byte[] name =
            ("oscore/" + HexFormat.of().formatHex(keyId)).getBytes(StandardCharsets.US_ASCII);
        next = host.counters().reserve(meter, name, RESERVE);
        end = next + RESERVE;
      }
      return next++;
    }

    /** Whether a number is new; empty where that is not known. */
    synchronized Optional<Boolean> isNew(long sequence) {
      return known ? Optional.of(window.take(sequence)) : Optional.empty();
    }

    /** This one is: its sender has just proven to be there. */
    synchronized boolean begin(long sequence) {
      if (known) {
        return window.take(sequence);
      }
      window.begin(sequence);
      known = true;
      return true;
    }
  }

  Oscore(Channel.Host host, Echoes echoes, InFlight inFlight, Tally tally) {
    this.host = host;
    this.echoes = echoes;
    this.inFlight = inFlight;
    this.tally = tally;
  }

  /**
   * Opens a request, in a thread of its own since keys may have to be fetched.
   *
   * @param then takes what it asks
   */
  void open(Ask outer, Consumer<Ask> then) {
    Object who = outer.caller().identity();
    if (!inFlight.take(who)) {
      tally.count(Tally.What.OVER_LIMIT);
      outer.answer(ResponseCode.SERVICE_UNAVAILABLE);
      return;
    }
    Thread.ofVirtual()
        .name("coap-oscore")
        .start(() -> {
          try {
            opened(outer).ifPresent(ask -> ask.exchange().execute(() -> then.accept(ask)));
          } catch (OscoreException e) {
            tally.fault(
                Tally.What.UNAUTHENTICATED,
                outer.caller().toString(),
                String.valueOf(e.getMessage()));
            outer.answer(ResponseCode.UNAUTHORIZED);
          } catch (RuntimeException e) {
            tally.fault(Tally.What.FAILED, outer.caller().toString(), "OSCORE failed: " + e);
            outer.answer(ResponseCode.INTERNAL_SERVER_ERROR);
          } finally {
            inFlight.giveBack(who);
          }
        });
  }

  private Optional<Ask> opened(Ask outer) throws OscoreException {
    OscoreOption option = OscoreOption.parse(outer.request().getOptions().getOscore());
    State fresh = state(option);
    OscoreContext.Question question = fresh.context.asked(option);
    Request clear = OscoreMessages.open(outer.request(), fresh.context, question);
    if (clear.getOptions().hasOscore()) {
      throw new OscoreException("OSCORE within OSCORE");
    }
    State state = remembered(fresh); // of two that come at once, one window
    Caller caller =
        Caller.known(
            new TransportPeer(TransportPeer.Kind.METER, state.meter, NONE), outer.caller().from());
    boolean observed = clear.getOptions().hasObserve();
    AtomicBoolean used = new AtomicBoolean();
    Ask ask =
        new Ask(
            outer.exchange(),
            clear,
            outer.size(),
            Ask.payload(clear),
            caller,
            response ->
                OscoreMessages.seal(
                    response,
                    state.context,
                    question,
                    used.getAndSet(true) ? Optional.of(state.sequence()) : Optional.empty(),
                    observed));
    long sequence = OscoreContext.sequence(question.partialIv());
    Optional<Boolean> isNew = state.isNew(sequence);
    if (isNew.isEmpty()) {
      Option echo = clear.getOptions().getOtherOption(StandardOptionRegistry.ECHO);
      if (echo == null || !echoes.isFresh(echo.getValue(), caller.from())) {
        used.set(true); // it may be a replay, whose nonce was used then
        ask.answer(echo(caller));
        return Optional.empty();
      }
      isNew = Optional.of(state.begin(sequence));
    }
    if (!isNew.get()) {
      throw new OscoreException(
          "the number " + sequence + " of meter " + state.meter + " came before");
    }
    return Optional.of(ask);
  }

  private Response echo(Caller caller) {
    Response first = new Response(ResponseCode.UNAUTHORIZED);
    first.getOptions().addOption(StandardOptionRegistry.ECHO.create(echoes.make(caller.from())));
    return first;
  }

  /** The context that a request names; not kept before something genuine came under it. */
  private State state(OscoreOption option) throws OscoreException {
    byte[] context =
        option.kidContext().orElseThrow(() -> new OscoreException("it names no context"));
    byte[] kid = option.kid().orElseThrow(() -> new OscoreException("it names no sender"));
    MeterId meter =
        MeterKeys.meter(new String(context, StandardCharsets.ISO_8859_1))
            .filter(m ->
                host.meters().byId(m).filter(x -> x.state() != Meter.State.RETIRED).isPresent())
            .orElseThrow(() -> new OscoreException("it names no meter"));
    KeySet set =
        Stream.of(
                host.keys().keys(meter, Purpose.MESSAGE),
                host.keys().pending(meter, Purpose.MESSAGE))
            .flatMap(Optional::stream)
            .filter(s -> Arrays.equals(s.keyId(), kid))
            .findFirst()
            .orElseThrow(() -> new OscoreException("meter " + meter + " has no such key"));
    if (kid.length > OscoreContext.LONGEST_ID) {
      throw new OscoreException("the id of the key of meter " + meter + " is too long for OSCORE");
    }
    Name name = new Name(meter, HexFormat.of().formatHex(kid));
    synchronized (states) {
      State known = states.get(name);
      if (known != null) {
        return known;
      }
    }
    try (Secret secret = TransportKey.OSCORE.of(meter, set)) {
      return new State(meter, kid, OscoreContext.of(secret, NONE, Optional.of(context), NONE, kid));
    }
  }

  private State remembered(State fresh) {
    Name name = new Name(fresh.meter, HexFormat.of().formatHex(fresh.keyId));
    synchronized (states) {
      return states.computeIfAbsent(name, n -> fresh);
    }
  }
}
