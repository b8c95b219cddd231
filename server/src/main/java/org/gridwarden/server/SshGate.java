package org.gridwarden.server;

import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Function;
import org.gridwarden.core.Actor;
import org.gridwarden.core.Tx;
import org.gridwarden.server.ssh.Caller;
import org.gridwarden.server.ssh.Gate;
import org.gridwarden.store.Store;
import org.gridwarden.store.User;

/** Lets users in over SSH by the keys that are registered for them. */
final class SshGate implements Gate {
  private final Accounts accounts;
  private final Store store;
  private final DoorTokens tokens;
  private final URI office;
  private final Optional<String> fingerprint;

  SshGate(
      Accounts accounts, Store store, DoorTokens tokens, URI office, Optional<String> fingerprint) {
    this.accounts = accounts;
    this.store = store;
    this.tokens = tokens;
    this.office = office;
    this.fingerprint = fingerprint;
  }

  @Override
  public boolean opens(String user, String key) {
    return store
        .sshKeys()
        .find(key)
        .filter(k -> k.user().equalsIgnoreCase(user))
        .flatMap(k -> user(k.user()))
        .isPresent();
  }

  @Override
  public boolean asksCode(String name) {
    return user(name).filter(accounts::factorOn).isPresent();
  }

  @Override
  public boolean code(String name, String code, InetAddress from) {
    Optional<User> user = user(name);
    if (user.isEmpty()) {
      return false;
    }
    try {
      accounts.showFactor(user.get(), code, from);
      return true;
    } catch (FaultException e) {
      return false; // wrong, used, or one of too many: said in the server's log
    }
  }

  @Override
  public Optional<Caller> enter(String name) {
    return user(name)
        .map(user ->
            new Caller(
                user.name(),
                office,
                fingerprint,
                tokens.issue(new Login(user.name(), user.version(), ""))));
  }

  @Override
  public boolean stands(Caller caller) {
    return tokens.of(caller.bearer()).flatMap(accounts::current).isPresent();
  }

  @Override
  public void left(Caller caller) {
    tokens.revoke(caller.bearer());
  }

  @Override
  public void note(String user, String action, String detail) {
    Actor who = new Actor(Actor.Kind.PERSON, user);
    byte[] bytes = detail.getBytes(StandardCharsets.UTF_8);
    Function<Tx, Long> append = tx -> store.auditLog().append(tx, who, action, bytes);
    var unused = store.unitOfWork().call(append);
  }

  /** One whose first password stands has not been anybody yet. */
  private Optional<User> user(String name) {
    return accounts.all().stream()
        .filter(user -> user.name().equalsIgnoreCase(name) && !user.disabled())
        .filter(user -> !user.mustChangePassword() && !accounts.mustEnrol(user))
        .findFirst();
  }
}
