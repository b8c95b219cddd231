package org.gridwarden.server;

import java.security.Principal;
import java.util.List;
import org.gridwarden.core.Fault;
import org.gridwarden.server.ssh.SshPublicKey;
import org.gridwarden.store.SshKey;
import org.gridwarden.store.SshKeys;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** The public keys with which users come in over SSH; a security administrator's. */
@RestController
@RequestMapping("/api/v1/users/{name}/ssh-keys")
class SshKeyApi {
  private final Accounts accounts;
  private final Office office;

  SshKeyApi(Accounts accounts, Office office) {
    this.accounts = accounts;
    this.office = office;
  }

  /** A key as it is shown. */
  record SshKeyView(
      String user,
      String fingerprint,
      String algorithm,
      String comment,
      String added,
      String addedBy) {
    static SshKeyView of(SshKey key) {
      return new SshKeyView(
          key.user(),
          key.fingerprint(),
          key.algorithm(),
          key.comment(),
          key.added().toString(),
          key.addedBy());
    }
  }

  /**
   * A key to be registered.
   *
   * @param key the one line of the user's {@code .pub} file
   */
  record NewSshKey(@Nullable String key) {}

  @GetMapping
  ReadingApi.Items<SshKeyView> list(@PathVariable String name) {
    known(name);
    return new ReadingApi.Items<>(keys().of(name).stream().map(SshKeyView::of).toList());
  }

  @PostMapping
  @ResponseStatus(HttpStatus.CREATED)
  SshKeyView add(@PathVariable String name, @RequestBody NewSshKey fresh, Principal by) {
    String user = known(name);
    if (user.equalsIgnoreCase(by.getName())) {
      throw new FaultException(
          Fault.Code.FORBIDDEN,
          "user",
          "nobody opens a door to themselves: ask another administrator");
    }
    SshPublicKey key;
    try {
      key = SshPublicKey.parse(Requests.needed("key", fresh.key()));
    } catch (IllegalArgumentException e) {
      throw Requests.wrong("key", String.valueOf(e.getMessage()));
    }
    String fingerprint = key.fingerprint();
    if (!keys().add(user, fingerprint, key.algorithm(), key.blob(), key.comment(), Audit.actor())) {
      throw new FaultException(
          Fault.Code.CONFLICT,
          "key",
          "somebody has this key already, or the user has "
              + SshKeys.PER_USER
              + ": make another, or take one away");
    }
    return keys().find(fingerprint).map(SshKeyView::of).orElseThrow(SshKeyApi::gone);
  }

  /** The fingerprint holds characters that no path does, so it is a parameter. */
  @DeleteMapping
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void remove(@PathVariable String name, @RequestParam String fingerprint) {
    if (!keys().remove(known(name), fingerprint, Audit.actor())) {
      throw gone();
    }
  }

  private String known(String name) {
    List<String> names =
        accounts.all().stream()
            .map(user -> user.name())
            .filter(n -> n.equalsIgnoreCase(name))
            .toList();
    if (names.isEmpty()) {
      throw FaultException.notFound("user", "there is no such user");
    }
    return names.getFirst();
  }

  private static FaultException gone() {
    return FaultException.notFound("fingerprint", "the user has no such key");
  }

  private SshKeys keys() {
    return office.store().sshKeys();
  }
}
