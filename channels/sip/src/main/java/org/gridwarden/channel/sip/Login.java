package org.gridwarden.channel.sip;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.gridwarden.channel.sip.Fields.Field;
import org.gridwarden.channel.sip.SipSettings.Md5;
import org.gridwarden.core.Channel;
import org.gridwarden.core.KeyAccess.KeySet;
import org.gridwarden.core.KeyAccess.Purpose;
import org.gridwarden.core.Meter;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Secret;
import org.gridwarden.message.MessagePassword;

/**
 * Who asks: by the connection's certificate, or by a digest under the password that follows from
 * the meter's key. Thread-safe.
 */
final class Login {
  private final Channel.Host host;
  private final SipSettings.Terms terms;
  private final Nonces nonces;

  /**
   * Somebody who may speak.
   *
   * @param name the meter's id, or the concentrator's name: under which it is counted
   * @param meter the one meter that it is; empty for a concentrator
   */
  record Who(MeterId name, Optional<MeterId> meter) {}

  /** What a request proves. */
  sealed interface Result {
    /**
     * It is of somebody.
     *
     * @param made when the nonce of its digest was made; empty without one
     * @param count that nonce's
     */
    record Proven(Who who, OptionalLong made, long count) implements Result {}

    /**
     * It is of nobody who is known; why is not told.
     *
     * @param stale whether it would be with a new nonce
     */
    record Unknown(boolean stale) implements Result {}
  }

  Login(Channel.Host host, SipSettings.Terms terms, Nonces nonces) {
    this.host = host;
    this.terms = terms;
    this.nonces = nonces;
  }

  /**
   * Looks at a request. Its digest's count is not taken yet.
   *
   * @throws SipException where a field is not written as it must be
   */
  Result of(Request request, Flow flow) throws SipException {
    Optional<Digest> digest =
        Digest.of(request.fields(), terms.realm(), terms.md5() != Md5.REFUSED);
    Optional<Who> shown = flow.shown().map(peer -> new Who(peer.name(), peer.meter()));
    if (digest.isEmpty()) {
      return shown
          .<Result>map(who -> new Result.Proven(who, OptionalLong.empty(), 0))
          .orElse(new Result.Unknown(false));
    }
    Result said = byDigest(request, digest.get(), flow);
    // beside a meter's certificate it must be the same meter's; a concentrator brings anybody's
    boolean fits =
        !(said instanceof Result.Proven proven)
            || shown.flatMap(Who::meter).map(m -> m.equals(proven.who().name())).orElse(true);
    return fits ? said : new Result.Unknown(false);
  }

  private Result byDigest(Request request, Digest digest, Flow flow) throws SipException {
    if (!digest.uri().equals(request.target()) || digest.count() == 0) {
      throw SipException.malformed("the digest is of another address, or without a count");
    }
    Optional<MeterId> meter = meter(digest.username()).filter(this::inService);
    if (meter.isEmpty() || !matches(meter.get(), digest, request.method())) {
      return new Result.Unknown(false);
    }
    OptionalLong made = nonces.check(digest.nonce(), flow.source().getAddress());
    return made.isEmpty()
        ? new Result.Unknown(true)
        : new Result.Proven(new Who(meter.get(), meter), made, digest.count());
  }

  private static Optional<MeterId> meter(String name) {
    try {
      return Optional.of(new MeterId(name));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private boolean inService(MeterId meter) {
    return host.meters().byId(meter).filter(m -> m.state() != Meter.State.RETIRED).isPresent();
  }

  /** By the key in force, or the one that an order has carried to the meter. */
  private boolean matches(MeterId meter, Digest digest, String method) {
    List<KeySet> sets =
        Stream.of(
                host.keys().keys(meter, Purpose.MESSAGE),
                host.keys().pending(meter, Purpose.MESSAGE))
            .flatMap(Optional::stream)
            .toList();
    for (KeySet set : sets) {
      try (Secret password = MessagePassword.of(meter, set)) {
        if (digest.isBy(password, terms.realm(), method)) {
          return true;
        }
      }
    }
    return false;
  }

  /** What asks for a digest: by SHA-256, and by MD5 where that is allowed. */
  List<Field> challenges(Flow flow, boolean stale) {
    List<Digest.Algorithm> wanted =
        switch (terms.md5()) {
          case REFUSED -> List.of(Digest.Algorithm.SHA_256);
          case ALLOWED -> List.of(Digest.Algorithm.SHA_256, Digest.Algorithm.MD5);
          case FIRST -> List.of(Digest.Algorithm.MD5, Digest.Algorithm.SHA_256);
        };
    List<Field> all = new ArrayList<>();
    for (Digest.Algorithm algorithm : wanted) {
      String nonce = nonces.make(flow.source().getAddress());
      all.add(
          new Field("WWW-Authenticate", Digest.challenge(algorithm, terms.realm(), nonce, stale)));
    }
    return all;
  }
}
