package org.gridwarden.security.command;

import java.security.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.gridwarden.core.CommandId;

/**
 * A meter's ear for calls to its group: takes each once, of an operator that it obeys, while it is
 * to be done. What was taken is remembered until it is over, in memory: a call asks for readings
 * and nothing else, so after a power cut one may be answered again. Thread-safe.
 */
public final class GroupDesk {
  /** The longest that a call may last; so long it is remembered. */
  public static final Duration LONGEST = Duration.ofHours(24);

  private static final int MOST = 256;

  private final String group;
  private final Function<byte[], Optional<PublicKey>> operators;
  private final InstantSource clock;
  private final Map<CommandId, Instant> taken = new HashMap<>();

  /**
   * @param group the name that the meter was given at its making
   * @param operators the key of an operator whom it obeys, by the key's id
   */
  public GroupDesk(
      String group, Function<byte[], Optional<PublicKey>> operators, InstantSource clock) {
    this.group = group;
    this.operators = operators;
    this.clock = clock;
  }

  /**
   * Takes a call.
   *
   * @param signed COSE_Sign1, of whomever
   * @return it, where it is to be done now; empty where it is forged, repeated, another group's,
   *     not to be done now, or too much is remembered
   */
  public synchronized Optional<GroupCall> take(byte[] signed) {
    GroupCall call;
    try {
      Optional<PublicKey> key = operators.apply(Signed.parse(signed).keyId());
      if (key.isEmpty()) {
        return Optional.empty();
      }
      call = GroupCall.open(signed, key.get());
    } catch (CommandException e) {
      return Optional.empty();
    }
    Instant now = clock.instant();
    taken.values().removeIf(expires -> !now.isBefore(expires));
    if (!call.group().equals(group)
        || now.isBefore(call.notBefore())
        || !now.isBefore(call.expires())
        || call.expires().isAfter(now.plus(LONGEST))
        || taken.size() >= MOST
        || taken.putIfAbsent(call.id(), call.expires()) != null) {
      return Optional.empty();
    }
    return Optional.of(call);
  }
}
