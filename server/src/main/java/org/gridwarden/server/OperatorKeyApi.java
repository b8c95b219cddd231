package org.gridwarden.server;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import org.gridwarden.core.Fault;
import org.gridwarden.headend.command.OperatorKeyDesk;
import org.gridwarden.security.access.Permission;
import org.gridwarden.security.command.Signed;
import org.gridwarden.store.OperatorKeys;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.Authentication;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** The keys with which operators sign commands: asked for by them, taken by somebody else. */
@RestController
@RequestMapping("/api/v1/operator-keys")
class OperatorKeyApi {
  private final Office office;
  private final Accounts accounts;

  OperatorKeyApi(Office office, Accounts accounts) {
    this.office = office;
    this.accounts = accounts;
  }

  /**
   * A key.
   *
   * @param keyId 16 hexadecimal digits
   * @param state pending, active or revoked
   * @param kind file, token or browser
   * @param since when it was asked for or, once it is taken, taken
   * @param addedBy who took it; empty while it is asked for
   * @param revoked null where it is not
   * @param spki its SubjectPublicKeyInfo, base64
   * @param fingerprint SHA-256 of that, hexadecimal digits, to be compared by voice
   */
  record KeyView(
      String keyId,
      String operator,
      String name,
      String kind,
      String state,
      String since,
      String addedBy,
      @Nullable String revoked,
      String revokedBy,
      String spki,
      String fingerprint) {
    static KeyView of(OperatorKeys.Listed key) {
      return new KeyView(
          HexFormat.of().formatHex(key.keyId()),
          key.operator(),
          key.name(),
          key.kind(),
          key.revoked().isPresent() ? "revoked" : key.addedBy().isEmpty() ? "pending" : "active",
          key.since().toString(),
          key.addedBy(),
          key.revoked().map(Object::toString).orElse(null),
          key.revokedBy(),
          Base64.getEncoder().encodeToString(key.spki()),
          fingerprint(key.spki()));
    }

    private static String fingerprint(byte[] spki) {
      try {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(spki));
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("SHA-256 is missing in this Java", e);
      }
    }
  }

  /** A key of one's own that is to be taken. */
  record NewKey(@Nullable String spki, @Nullable String name, @Nullable String kind) {}

  /** Everybody's to those who look after keys, one's own to an operator. */
  @GetMapping
  ReadingApi.Items<KeyView> list(Authentication who) {
    boolean all = may(who, Permission.MANAGE_KEYS) || may(who, Permission.READ_AUDIT);
    return new ReadingApi.Items<>(
        desk().list(all ? "" : who.getName()).stream().map(KeyView::of).toList());
  }

  @PostMapping
  @ResponseStatus(HttpStatus.CREATED)
  KeyView ask(@RequestBody NewKey key) {
    byte[] spki = CommandApi.base64("spki", key.spki());
    String name = Requests.needed("name", key.name());
    String kind = key.kind() == null ? "file" : key.kind();
    return KeyView.of(desk().find(desk().ask(spki, name, kind, Audit.actor())));
  }

  @PostMapping("/{keyId}/approve")
  KeyView approve(@PathVariable String keyId) {
    OperatorKeys.Listed key = known(keyId);
    boolean signs =
        accounts.all().stream()
            .filter(user -> user.name().equals(key.operator()))
            .map(accounts::permissions)
            .anyMatch(may -> may.contains(Permission.COMMAND) || may.contains(Permission.BILL));
    if (!signs) {
      throw new FaultException(
          Fault.Code.CONFLICT,
          "key",
          key.operator() + " signs neither commands nor tariffs any more: strike it off");
    }
    desk().approve(key.keyId(), Audit.actor());
    return KeyView.of(desk().find(key.keyId()));
  }

  @DeleteMapping("/{keyId}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void end(@PathVariable String keyId, Authentication who) {
    OperatorKeys.Listed key = known(keyId);
    if (!may(who, Permission.MANAGE_KEYS) && !key.operator().equals(who.getName())) {
      throw new FaultException(
          Fault.Code.FORBIDDEN, "key", "it is another operator's: ask a security administrator");
    }
    desk().end(key.keyId(), Audit.actor());
  }

  private OperatorKeys.Listed known(String keyId) {
    byte[] id = keyId(keyId);
    return desk().list("").stream()
        .filter(key -> java.util.Arrays.equals(key.keyId(), id))
        .findFirst()
        .orElseThrow(() -> FaultException.notFound("key", "there is no such key"));
  }

  /** A key's id from its hexadecimal digits. */
  static byte[] keyId(@Nullable String text) {
    String digits = Requests.needed("keyId", text);
    if (!digits.matches("[0-9A-Fa-f]{" + 2 * Signed.KEY_ID + "}")) {
      throw Requests.wrong("keyId", "is " + 2 * Signed.KEY_ID + " hexadecimal digits");
    }
    return HexFormat.of().parseHex(digits);
  }

  private static boolean may(Authentication who, Permission permission) {
    return who.getAuthorities().stream().anyMatch(a -> permission.name().equals(a.getAuthority()));
  }

  private OperatorKeyDesk desk() {
    return office.commands().keys();
  }
}
