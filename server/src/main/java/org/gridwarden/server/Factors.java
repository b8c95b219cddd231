package org.gridwarden.server;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.gridwarden.core.Actor;
import org.gridwarden.core.Fault;
import org.gridwarden.core.Secret;
import org.gridwarden.security.OfficeKey;
import org.gridwarden.security.UnusableKeyException;
import org.gridwarden.security.access.SpokenCode;
import org.gridwarden.security.access.Totp;
import org.gridwarden.store.SecondFactors;
import org.gridwarden.store.SecondFactors.Factor;
import org.gridwarden.store.User;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Second factors: codes that change with the time, and recovery codes. Thread-safe. */
final class Factors implements SecondFactor {
  private static final Logger LOG = LoggerFactory.getLogger(Factors.class);
  private static final int RECOVERY_CODES = 10;
  private static final int CODE_LENGTH = 16;

  private final SecondFactors book;
  private final OfficeKey key;
  private final Set<String> required;
  private final InstantSource clock;

  /**
   * @param required names of the roles that open nothing without one
   */
  Factors(SecondFactors book, OfficeKey key, Set<String> required, InstantSource clock) {
    this.book = book;
    this.key = key;
    this.required = Set.copyOf(required);
    this.clock = clock;
  }

  @Override
  public boolean on(User user) {
    return book.find(user.name()).filter(Factor::confirmed).isPresent();
  }

  @Override
  public boolean missing(User user) {
    return required(user) && !on(user);
  }

  /** Whether a user must have one. */
  boolean required(User user) {
    return user.roles().stream().anyMatch(required::contains);
  }

  @Override
  public boolean opens(User user, String shown) {
    Optional<Factor> factor = book.find(user.name()).filter(Factor::confirmed);
    if (factor.isEmpty()) {
      return false;
    }
    if (shown.replaceAll("[^A-Za-z0-9]", "").length() == CODE_LENGTH) {
      Actor by = new Actor(Actor.Kind.PERSON, user.name());
      return book.useRecovery(user.name(), SpokenCode.hash(shown), by);
    }
    try (Secret secret = open(user, factor.get())) {
      OptionalLong step = Totp.match(secret, shown, clock.instant(), factor.get().lastStep());
      return step.isPresent() && book.use(user.name(), step.getAsLong());
    }
  }

  /** How a user's stands. */
  Optional<Factor> find(User user) {
    return book.find(user.name());
  }

  /** Who has one; names in small letters. */
  Set<String> enrolled() {
    return book.confirmed();
  }

  /**
   * Begins one. It opens nothing before it is confirmed.
   *
   * @return its secret, which is shown to its owner alone
   */
  Secret begin(User user) {
    Secret secret = Totp.secret();
    if (!book.begin(user.name(), key.seal(secret, place(user)))) {
      throw new FaultException(
          Fault.Code.CONFLICT, "factor", "there is one already: take it away first, with a code");
    }
    return secret;
  }

  /**
   * Confirms it with a first code.
   *
   * @return recovery codes, shown once
   */
  List<String> confirm(User user, String shown) {
    Factor factor =
        book.find(user.name())
            .filter(f -> !f.confirmed())
            .orElseThrow(() ->
                new FaultException(
                    Fault.Code.CONFLICT, "factor", "begin one first: POST /api/v1/session/factor"));
    OptionalLong step;
    try (Secret secret = open(user, factor)) {
      step = Totp.match(secret, shown, clock.instant(), 0);
    }
    List<String> codes = new ArrayList<>();
    for (int i = 0; i < RECOVERY_CODES; i++) {
      codes.add(SpokenCode.random(CODE_LENGTH, 4));
    }
    Actor by = new Actor(Actor.Kind.PERSON, user.name());
    if (step.isEmpty()
        || !book.confirm(
            user.name(), step.getAsLong(), codes.stream().map(SpokenCode::hash).toList(), by)) {
      throw new FaultException(
          Fault.Code.FORBIDDEN,
          "code",
          "this is not the present code: look at the clock of the device that shows it");
    }
    return codes;
  }

  /** Takes it away. */
  boolean remove(String user, Actor by) {
    return book.remove(user, by);
  }

  private Secret open(User user, Factor factor) {
    try {
      return key.unseal(factor.sealed(), place(user));
    } catch (UnusableKeyException e) {
      LOG.error("the second factor of {} does not open under this office's key", user.name());
      throw new FaultException(
          Fault.Code.CONFLICT,
          "factor",
          "it was sealed by another office's key: have an administrator take it away");
    }
  }

  private static String place(User user) {
    return "second-factor/" + user.name().toLowerCase(Locale.ROOT);
  }
}
