package org.gridwarden.dlms.security;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.gridwarden.dlms.DlmsException;
import org.gridwarden.dlms.DlmsKeys;
import org.gridwarden.dlms.InvocationCounter;

/**
 * One side's global keys, and how they change without the two sides losing each other: new keys are
 * kept beside those in use until the first APDU under one of them proves genuine; then the old ones
 * are dropped, and only then do counters begin anew. Thread-safe.
 */
public final class KeyRing {
  /** Where keys and their counters are kept. Each call is durable before it returns. */
  public interface Store {
    /**
     * Keeps new keys beside those in use, in the place of those that may wait already.
     *
     * @param keys all that differ from those in use, each of 16 or 32 bytes; empty where none is to
     *     wait any more
     * @return for each encryption key among them, counters that begin anew
     */
    Map<GlobalKey, KeyCounters> stage(Map<GlobalKey, byte[]> keys);

    /**
     * In one step: the waiting keys are the keys, with their counters, and the old ones are gone.
     */
    void confirm();

    /** Keeps nothing beyond the process. */
    static Store inMemory() {
      return new Store() {
        @Override
        public Map<GlobalKey, KeyCounters> stage(Map<GlobalKey, byte[]> keys) {
          Map<GlobalKey, KeyCounters> counters = new EnumMap<>(GlobalKey.class);
          keys.keySet().forEach(key -> counters.put(key, countersInMemory()));
          return counters;
        }

        @Override
        public void confirm() {
          // nothing is kept
        }
      };
    }
  }

  private final Store store;
  private final Map<GlobalKey, byte[]> waiting = new EnumMap<>(GlobalKey.class);
  private KeyGeneration current;
  private Optional<KeyGeneration> pending = Optional.empty();

  /**
   * @param current the keys in use
   */
  public KeyRing(KeyGeneration current, Store store) {
    this.current = current;
    this.store = store;
  }

  /**
   * Keys as a restart finds them, with others that wait since before it.
   *
   * @param waiting what {@link Store#stage} was given last
   * @param counters what it returned
   */
  public KeyRing(
      KeyGeneration current,
      Map<GlobalKey, byte[]> waiting,
      Map<GlobalKey, KeyCounters> counters,
      Store store) {
    this(current, store);
    if (!waiting.isEmpty()) {
      waiting.forEach((key, bytes) -> this.waiting.put(key, bytes.clone()));
      this.pending = Optional.of(current.with(waiting, counters));
    }
  }

  /** Keys for as long as the process lives, with this counter and a memory of the others'. */
  public static KeyRing of(DlmsKeys keys, InvocationCounter sending) {
    return new KeyRing(
        KeyGeneration.of(
            keys,
            new KeyCounters(sending, CounterMemory.inMemory()),
            new KeyCounters(sending, CounterMemory.inMemory())),
        Store.inMemory());
  }

  private static KeyCounters countersInMemory() {
    java.util.concurrent.atomic.AtomicLong counter = new java.util.concurrent.atomic.AtomicLong();
    return new KeyCounters(counter::incrementAndGet, CounterMemory.inMemory());
  }

  /** The keys in use. */
  public synchronized KeyGeneration current() {
    return current;
  }

  /** The keys that wait to be confirmed. */
  public synchronized Optional<KeyGeneration> pending() {
    return pending;
  }

  /**
   * Keeps new keys beside those in use. A key that is in use already, or waits already, changes
   * nothing: a request that comes twice is harmless. A key that was used once and given up must
   * never come again, since its counters would begin anew: who makes keys draws them at random.
   */
  public synchronized void stage(Map<GlobalKey, byte[]> keys) {
    Map<GlobalKey, byte[]> all = new EnumMap<>(GlobalKey.class);
    all.putAll(waiting);
    boolean changes = false;
    for (var key : keys.entrySet()) {
      boolean known = pending.orElse(current).holds(key.getKey(), key.getValue());
      if (current.holds(key.getKey(), key.getValue())) {
        changes |= all.remove(key.getKey()) != null;
      } else if (!known) {
        all.put(key.getKey(), key.getValue().clone());
        changes = true;
      }
    }
    if (!changes) {
      return;
    }
    Map<GlobalKey, KeyCounters> counters = store.stage(copy(all));
    pending = all.isEmpty() ? Optional.empty() : Optional.of(current.with(all, counters));
    waiting.clear();
    waiting.putAll(all);
  }

  /** Forgets new keys that the other side has refused. */
  public synchronized void withdraw() {
    if (pending.isPresent()) {
      store.stage(Map.of());
      pending = Optional.empty();
      waiting.clear();
    }
  }

  private static Map<GlobalKey, byte[]> copy(Map<GlobalKey, byte[]> keys) {
    Map<GlobalKey, byte[]> copy = new HashMap<>();
    keys.forEach((key, bytes) -> copy.put(key, bytes.clone()));
    return copy;
  }

  /** Drops the old keys, where these are the waiting ones: something under them proved genuine. */
  synchronized void confirm(KeyGeneration proven) {
    if (pending.isPresent() && pending.get() == proven) {
      store.confirm();
      current = proven;
      pending = Optional.empty();
      waiting.values().forEach(key -> java.util.Arrays.fill(key, (byte) 0));
      waiting.clear();
    }
  }

  /** Something that proves keys to be the sender's, or throws UNAUTHENTICATED. */
  interface Trial<T> {
    T with(KeyGeneration keys) throws DlmsException;
  }

  /** What came out of a trial, and with which keys. */
  record Tried<T>(T result, KeyGeneration keys) {}

  /**
   * Tries the keys in use and, where they do not fit, those that wait, which are confirmed by it.
   *
   * @throws DlmsException as the keys in use say
   */
  <T> Tried<T> attempt(Trial<T> trial) throws DlmsException {
    KeyGeneration first = current();
    try {
      return new Tried<>(trial.with(first), first);
    } catch (DlmsException e) {
      Optional<KeyGeneration> second = pending();
      if (second.isEmpty() || e.kind() != DlmsException.Kind.UNAUTHENTICATED) {
        throw e;
      }
      T result;
      try {
        result = trial.with(second.get());
      } catch (DlmsException _) {
        throw e;
      }
      confirm(second.get());
      return new Tried<>(result, second.get());
    }
  }

  /**
   * Unwraps a key with the master key (IEC 62056-6-2, class 64, key_transfer).
   *
   * @throws DlmsException UNAUTHENTICATED where it is not genuine; NO_KEY without a master key
   */
  public byte[] unwrap(byte[] wrapped, int length) throws DlmsException {
    return attempt(keys -> KeyWrap.unwrap(keys.master(), wrapped, length)).result();
  }

  /**
   * Wraps a key with the master key in use.
   *
   * @throws DlmsException NO_KEY without a master key
   */
  public byte[] wrap(byte[] key) throws DlmsException {
    return KeyWrap.wrap(current().master(), key);
  }
}
