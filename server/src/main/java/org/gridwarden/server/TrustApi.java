package org.gridwarden.server;

import java.security.PublicKey;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.gridwarden.core.Fault;
import org.gridwarden.headend.trust.TrustOffice;
import org.gridwarden.security.command.CommandException;
import org.gridwarden.security.command.P256;
import org.gridwarden.security.command.Signed;
import org.gridwarden.security.command.TrustList;
import org.gridwarden.store.TrustBook;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Whom meters obey: the root that signs lists, and the newest list. */
@RestController
@RequestMapping("/api/v1/trust")
class TrustApi {
  private final Office office;

  TrustApi(Office office) {
    this.office = office;
  }

  /** The root's public half: SubjectPublicKeyInfo, base64. */
  record NewRoot(@Nullable String spki) {}

  /** A signed list: COSE_Sign1, base64. */
  record NewList(@Nullable String list) {}

  /**
   * How it stands.
   *
   * @param root the root's key id; null where none was named
   * @param version of the newest list; 0 before the first
   * @param operators ids of the keys whose orders meters obey by it
   * @param makers ids of the keys whose firmware meters run by it
   * @param list the newest list, base64; null before the first
   * @param meters how many meters with a desk have it
   */
  record TrustView(
      @Nullable String root,
      long version,
      List<String> operators,
      List<String> makers,
      @Nullable String added,
      @Nullable String addedBy,
      @Nullable String list,
      MetersView meters) {}

  /**
   * How many meters stand how.
   *
   * @param current have the newest list
   * @param older have another one, or none yet
   * @param without take none: a fitter says whom they obey
   * @param unasked were not asked yet
   */
  record MetersView(long current, long older, long without, long unasked) {}

  @GetMapping
  TrustView show() {
    TrustBook.Listed newest = trust().newest().orElse(null);
    TrustList list = newest == null ? null : read(newest);
    TrustBook.Meters meters = trust().meters();
    return new TrustView(
        trust().root().map(TrustApi::id).orElse(null),
        newest == null ? 0 : newest.version(),
        list == null ? List.of() : ids(list.operators()),
        list == null ? List.of() : ids(list.makers()),
        newest == null ? null : newest.added().toString(),
        newest == null ? null : newest.addedBy(),
        newest == null ? null : Base64.getEncoder().encodeToString(newest.signed()),
        new MetersView(meters.current(), meters.older(), meters.without(), meters.unasked()));
  }

  @PostMapping("/root")
  TrustView root(@RequestBody NewRoot root) {
    String id = trust().root(CommandApi.base64("spki", root.spki()), Audit.actor());
    TrustView now = show();
    if (!id.equals(now.root())) {
      throw new IllegalStateException("the root that was named is not the one that is kept");
    }
    return now;
  }

  @PostMapping("/lists")
  @ResponseStatus(HttpStatus.CREATED)
  TrustView add(@RequestBody NewList list) {
    TrustList added = trust().add(CommandApi.base64("list", list.list()), Audit.actor());
    TrustView now = show();
    if (now.version() < added.version()) {
      throw new IllegalStateException("the list that was taken is not kept");
    }
    return now;
  }

  private static TrustList read(TrustBook.Listed listed) {
    try {
      return TrustList.parse(Signed.parse(listed.signed()).unverified());
    } catch (CommandException e) {
      throw new FaultException(
          Fault.Code.INTERNAL,
          "list",
          "version " + listed.version() + " was changed in the database");
    }
  }

  private static String id(byte[] spki) {
    try {
      return HexFormat.of().formatHex(Signed.keyId(P256.publicKey(spki)));
    } catch (CommandException e) {
      throw new FaultException(Fault.Code.INTERNAL, "root", "it was changed in the database");
    }
  }

  private static List<String> ids(List<PublicKey> keys) {
    return keys.stream().map(key -> HexFormat.of().formatHex(Signed.keyId(key))).toList();
  }

  private TrustOffice trust() {
    return office.commands().trust();
  }
}
