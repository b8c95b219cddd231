package org.gridwarden.simulator;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.gridwarden.core.Action;
import org.gridwarden.core.KeyAccess.KeySet;
import org.gridwarden.core.KeyAccess.Purpose;
import org.gridwarden.core.Secret;
import org.gridwarden.dlms.DlmsKeys;
import org.gridwarden.security.UnusableKeyException;
import org.gridwarden.security.command.OrderDesk;
import org.gridwarden.security.keys.MasterWrap;

/**
 * A meter's keys: those that it left the factory with, or that a command gave it since. New ones
 * are on the disk before they are used, and the old ones are accepted beside them until the
 * head-end has shown that it uses the new: a power cut at any moment leaves the meter reachable.
 * Thread-safe.
 */
final class MeterKeyRing implements OrderDesk.Seals {
  private static final String DLMS = "dlms";
  private static final String SEAL = "seal";
  private static final String MESSAGE = "message";
  private static final String NEXT = "-next";
  private static final String MASTER = "master";
  private static final String COUNTED = "seal-next-counter";

  private final MeterMemory memory;
  private volatile Secret master;
  private volatile Pair current;
  private volatile Optional<Pair> next;
  private volatile OrderDesk.Seal seal;
  private volatile Optional<OrderDesk.Seal> nextSeal;
  private volatile KeySet message;
  private volatile Optional<KeySet> nextMessage;

  /** An encryption key and its authentication key. */
  static final class Pair {
    private final Secret encryption;
    private final Secret authentication;
    private final DlmsKeys keys;

    Pair(Secret encryption, Secret authentication) {
      this.encryption = encryption;
      this.authentication = authentication;
      byte[] guek = encryption.copy();
      byte[] gak = authentication.copy();
      this.keys = DlmsKeys.of(guek, gak);
      Arrays.fill(guek, (byte) 0);
      Arrays.fill(gak, (byte) 0);
    }

    /** Not to be closed: others use them. */
    DlmsKeys keys() {
      return keys;
    }

    private String text() {
      return hex(encryption) + ":" + hex(authentication);
    }

    private static Pair of(String text) {
      String[] parts = text.split(":", -1);
      return new Pair(secret(parts[0]), secret(parts[1]));
    }
  }

  /**
   * @param pair the DLMS keys that it left the factory with
   * @param seal the seal, likewise
   * @param master under which new keys are wrapped
   * @param message the key of its secured messages, likewise
   * @param memory what became of them since
   */
  MeterKeyRing(Pair pair, Secret seal, Secret master, KeySet message, MeterMemory memory) {
    this.memory = memory;
    this.master = memory.word(MASTER).map(MeterKeyRing::secret).orElse(master);
    this.current = memory.word(DLMS).map(Pair::of).orElse(pair);
    this.next = memory.word(DLMS + NEXT).map(Pair::of);
    this.seal =
        new OrderDesk.Seal(memory.word(SEAL).map(MeterKeyRing::secret).orElse(seal), memory);
    this.nextSeal = memory.word(SEAL + NEXT).map(text -> fresh(secret(text)));
    this.message = memory.word(MESSAGE).map(MeterKeyRing::keySet).orElse(message);
    this.nextMessage = memory.word(MESSAGE + NEXT).map(MeterKeyRing::keySet);
  }

  /** The keys that it uses itself: the newest. */
  Pair sending() {
    return next.orElse(current);
  }

  /** The keys that it knew before it was given others, or the only ones. */
  Pair current() {
    return current;
  }

  /** Others that a command has given it, until they are used. */
  Optional<Pair> next() {
    return next;
  }

  /** All that are accepted. */
  List<Pair> acceptedPairs() {
    Pair now = current;
    return next.map(other -> List.of(other, now)).orElse(List.of(now));
  }

  /** The key for messages that it uses itself: the newest. */
  KeySet sendingMessage() {
    return nextMessage.orElse(message);
  }

  /** All keys for messages that are accepted, the newest first. */
  List<KeySet> acceptedMessages() {
    KeySet now = message;
    return nextMessage.map(other -> List.of(other, now)).orElse(List.of(now));
  }

  /** A genuine message of the head-end came under this one. */
  @SuppressWarnings("ReferenceEquality") // that very one
  void used(KeySet set) {
    if (nextMessage.isPresent() && nextMessage.get() == set) {
      settle();
    }
  }

  /**
   * Takes what an order carries: all of it, or nothing.
   *
   * @return why not; empty where it is done, and on the disk
   */
  Optional<String> change(Action.ChangeKeys order) {
    if (order.keys().isEmpty()) {
      return Optional.of("the order carries no key");
    }
    Optional<Pair> pair = Optional.empty();
    Optional<Secret> sealed = Optional.empty();
    Optional<KeySet> messages = Optional.empty();
    try {
      for (Action.NewKey key : order.keys()) {
        if (key.purpose() == Purpose.DLMS_GLOBAL_UNICAST) {
          pair =
              Optional.of(
                  new Pair(
                      MasterWrap.unwrap(master, key.encryption()),
                      MasterWrap.unwrap(master, key.authentication())));
        } else if (key.purpose() == Purpose.COMMAND_SEAL) {
          Secret fresh = MasterWrap.unwrap(master, key.encryption());
          if (fresh.length() != 32) {
            return Optional.of("a seal has 32 bytes");
          }
          sealed = Optional.of(fresh);
        } else if (key.purpose() == Purpose.MESSAGE) {
          Secret fresh = MasterWrap.unwrap(master, key.encryption());
          if (fresh.length() != message.encryption().length()) {
            return Optional.of("its key for messages has 32 bytes");
          }
          messages = Optional.of(new KeySet(key.keyId(), fresh, new Secret(new byte[0])));
        } else {
          return Optional.of("this meter has no key for " + key.purpose());
        }
      }
    } catch (UnusableKeyException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
    keep(pair, sealed, messages);
    return Optional.empty();
  }

  /** On the disk first: who answered or sent under a key that a power cut forgets is lost. */
  private synchronized void keep(
      Optional<Pair> pair, Optional<Secret> sealed, Optional<KeySet> messages) {
    // the same key once more is no other one
    boolean newPair = pair.isPresent() && !pair.get().text().equals(current.text());
    boolean newSeal = sealed.isPresent() && !sealed.get().equals(seal.key());
    boolean newMessage =
        messages.isPresent()
            && acceptedMessages().stream().noneMatch(set -> text(set).equals(text(messages.get())));
    memory.together(() -> {
      if (newPair) {
        memory.word(DLMS + NEXT, pair.get().text());
      }
      if (newSeal && !sealed.equals(nextSeal.map(OrderDesk.Seal::key))) {
        memory.word(SEAL + NEXT, hex(sealed.get()));
        memory.forget(COUNTED);
      }
      if (newMessage) {
        memory.word(MESSAGE + NEXT, text(messages.get()));
      }
    });
    if (newPair) {
      next = pair;
    }
    if (newMessage) {
      nextMessage = messages;
    }
    if (newSeal && !sealed.equals(nextSeal.map(OrderDesk.Seal::key))) {
      nextSeal = sealed.map(this::fresh);
    }
  }

  /** The head-end has shown that it has these: those before are not accepted any more. */
  void used(Pair pair) {
    if (next.isPresent() && next.get() == pair) {
      settle();
    }
  }

  @Override
  public List<OrderDesk.Seal> accepted() {
    OrderDesk.Seal now = seal;
    return nextSeal.map(other -> List.of(now, other)).orElse(List.of(now));
  }

  @Override
  public void used(OrderDesk.Seal one) {
    if (nextSeal.isPresent() && nextSeal.get() == one) {
      settle();
    }
  }

  /** What one order brought is settled together: the head-end puts it in force together. */
  private synchronized void settle() {
    long seen = nextSeal.map(one -> one.counter().seen()).orElse(-1L);
    memory.together(() -> {
      next.ifPresent(pair -> memory.word(DLMS, pair.text()));
      memory.forget(DLMS + NEXT);
      nextSeal.ifPresent(one -> {
        memory.word(SEAL, hex(one.key()));
        memory.restart(seen);
      });
      memory.forget(SEAL + NEXT);
      memory.forget(COUNTED);
      nextMessage.ifPresent(set -> memory.word(MESSAGE, text(set)));
      memory.forget(MESSAGE + NEXT);
    });
    nextMessage.ifPresent(set -> message = set);
    nextMessage = Optional.empty();
    next.ifPresent(pair -> current = pair);
    next = Optional.empty();
    nextSeal.ifPresent(one -> seal = new OrderDesk.Seal(one.key(), memory));
    nextSeal = Optional.empty();
  }

  /** A seal that nothing was sealed with yet. */
  private OrderDesk.Seal fresh(Secret key) {
    return new OrderDesk.Seal(
        key,
        new OrderDesk.Counter() {
          @Override
          public long seen() {
            return memory.word(COUNTED).map(Long::parseLong).orElse(-1L);
          }

          @Override
          public void seen(long counter) {
            memory.together(() -> memory.word(COUNTED, Long.toString(counter)));
          }
        });
  }

  /** A fitter gives it other keys, after its own were erased: all counters begin anew. */
  synchronized void refit(FactoryKeys made) {
    Pair pair = made.pair();
    KeySet forMessages = made.messageKey();
    memory.together(() -> {
      memory.word(DLMS, pair.text());
      memory.word(MESSAGE, text(forMessages));
      memory.word(SEAL, hex(made.seal()));
      memory.word(MASTER, hex(made.master()));
      for (String gone : List.of(DLMS + NEXT, SEAL + NEXT, MESSAGE + NEXT, COUNTED)) {
        memory.forget(gone);
      }
      memory.restart(-1);
    });
    master = made.master();
    current = pair;
    next = Optional.empty();
    message = forMessages;
    nextMessage = Optional.empty();
    seal = new OrderDesk.Seal(made.seal(), memory);
    nextSeal = Optional.empty();
  }

  /** Its keys are gone. */
  void erase() {
    acceptedPairs().forEach(pair -> pair.keys().close());
  }

  private static String text(KeySet set) {
    return HexFormat.of().formatHex(set.keyId()) + ":" + hex(set.encryption());
  }

  private static KeySet keySet(String text) {
    String[] parts = text.split(":", -1);
    return new KeySet(HexFormat.of().parseHex(parts[0]), secret(parts[1]), new Secret(new byte[0]));
  }

  private static String hex(Secret secret) {
    byte[] bytes = secret.copy();
    try {
      return HexFormat.of().formatHex(bytes);
    } finally {
      Arrays.fill(bytes, (byte) 0);
    }
  }

  private static Secret secret(String hex) {
    byte[] bytes = HexFormat.of().parseHex(hex);
    try {
      return new Secret(bytes);
    } finally {
      Arrays.fill(bytes, (byte) 0);
    }
  }
}
