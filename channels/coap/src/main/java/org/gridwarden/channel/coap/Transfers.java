package org.gridwarden.channel.coap;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.eclipse.californium.core.coap.BlockOption;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.Option;
import org.eclipse.californium.core.coap.OptionSet;
import org.eclipse.californium.core.coap.option.StandardOptionRegistry;
import org.gridwarden.core.Admission;
import org.gridwarden.core.ChannelId;
import org.gridwarden.message.Secured;

/**
 * Puts the blocks of requests together (RFC 7959, Block1). What is under way is bounded: in bytes
 * each, in number, in silence, and a stranger's takes a place of its source's, as a half-open
 * connection does: a flood of beginnings displaces itself. Nothing is held for a length that is
 * only said. Thread-safe.
 */
final class Transfers {
  /** So many of one who has proven its name. */
  private static final int MOST_OF_ONE = 4;

  private final CoapSettings.Limits limits;
  private final Admission admission;
  private final Supplier<ChannelId> via;
  private final Map<Key, Transfer> underWay = new LinkedHashMap<>(16, 0.75f, true);

  /** Blocks with the same belong together (RFC 7959, 2.4; RFC 9175, 3.3). */
  private record Key(Object caller, int code, List<String> path, List<String> query, String tag) {}

  private static final class Transfer {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private Optional<Admission.Ticket> ticket = Optional.empty();
    private long last = System.nanoTime();

    void close() {
      ticket.ifPresent(Admission.Ticket::close);
    }
  }

  /** What a block comes to. */
  sealed interface Step {
    /** It was the last, or the only one. */
    @SuppressWarnings("ArrayRecordComponent") // made for the caller
    record Whole(byte[] body) implements Step {}

    /** The next one, please. */
    record More() implements Step {}

    /** No. */
    record Refused(ResponseCode code, String remedy) implements Step {}
  }

  Transfers(CoapSettings.Limits limits, Admission admission, Supplier<ChannelId> via) {
    this.limits = limits;
    this.admission = admission;
    this.via = via;
  }

  /** Takes a request that has a Block1 option. */
  Step take(Ask ask) {
    OptionSet options = ask.request().getOptions();
    BlockOption block = options.getBlock1();
    byte[] part = ask.body();
    if (block.isBERT()
        || (block.isM() ? part.length != block.getSize() : part.length > block.getSize())) {
      return new Step.Refused(ResponseCode.BAD_REQUEST, "a block has the size that it says");
    }
    long end = (long) block.getOffset() + part.length;
    if (end > Secured.LONGEST
        || options.hasSize1() && Integer.toUnsignedLong(options.getSize1()) > Secured.LONGEST) {
      forget(key(ask));
      return new Step.Refused(
          ResponseCode.REQUEST_ENTITY_TOO_LARGE, "at most " + Secured.LONGEST + " bytes");
    }
    if (block.getNum() == 0 && !block.isM()) {
      return new Step.Whole(part);
    }
    return add(ask, block, part);
  }

  private Step add(Ask ask, BlockOption block, byte[] part) {
    Key key = key(ask);
    if (block.getNum() == 0) {
      Optional<Step.Refused> refused = begin(key, ask.caller());
      if (refused.isPresent()) {
        return refused.get();
      }
    }
    synchronized (this) {
      Transfer transfer = underWay.get(key);
      if (transfer == null || transfer.bytes.size() != block.getOffset()) {
        return new Step.Refused(
            ResponseCode.REQUEST_ENTITY_INCOMPLETE, "the blocks before it are missing: begin anew");
      }
      transfer.bytes.writeBytes(part);
      transfer.last = System.nanoTime();
      transfer.ticket.ifPresent(Admission.Ticket::active);
      if (block.isM()) {
        return new Step.More();
      }
      underWay.remove(key);
      transfer.close();
      return new Step.Whole(transfer.bytes.toByteArray());
    }
  }

  /** Makes room for one, and gives it none before admission has. */
  private Optional<Step.Refused> begin(Key key, Caller caller) {
    forget(key);
    Transfer fresh = new Transfer();
    if (caller.isStranger()) {
      // asked outside the lock: it may put another one of ours out
      fresh.ticket = admission.admit(via.get(), caller.source(), () -> forget(key));
      if (fresh.ticket.isEmpty()) {
        return Optional.of(
            new Step.Refused(ResponseCode.SERVICE_UNAVAILABLE, "no room now: try later"));
      }
    }
    List<Transfer> over = new ArrayList<>();
    synchronized (this) {
      if (!caller.isStranger()) {
        List<Key> own =
            underWay.keySet().stream().filter(k -> k.caller.equals(key.caller)).toList();
        for (int i = 0; i <= own.size() - MOST_OF_ONE; i++) {
          over.add(underWay.remove(own.get(i)));
        }
      }
      if (underWay.size() >= limits.maxTransfers()) {
        Iterator<Transfer> silent = underWay.values().iterator();
        over.add(silent.next());
        silent.remove();
      }
      Transfer same = underWay.put(key, fresh);
      if (same != null) {
        over.add(same);
      }
    }
    over.forEach(Transfer::close);
    return Optional.empty();
  }

  private void forget(Key key) {
    Transfer gone;
    synchronized (this) {
      gone = underWay.remove(key);
    }
    if (gone != null) {
      gone.close();
    }
  }

  /** Forgets what was silent for too long. To be called every so often. */
  void sweep() {
    List<Transfer> over = new ArrayList<>();
    synchronized (this) {
      long now = System.nanoTime();
      Iterator<Transfer> all = underWay.values().iterator();
      while (all.hasNext()) {
        Transfer one = all.next();
        if (now - one.last > limits.transfer().toNanos()) {
          all.remove();
          over.add(one);
        }
      }
    }
    over.forEach(Transfer::close);
  }

  /** How many are under way. */
  synchronized int underWay() {
    return underWay.size();
  }

  private static Key key(Ask ask) {
    OptionSet options = ask.request().getOptions();
    Option tag = options.getOtherOption(StandardOptionRegistry.REQUEST_TAG);
    return new Key(
        ask.caller().identity(),
        ask.request().getRawCode(),
        List.copyOf(options.getUriPath()),
        List.copyOf(options.getUriQuery()),
        tag == null ? "" : HexFormat.of().formatHex(tag.getValue()));
  }
}
