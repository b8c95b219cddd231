package org.gridwarden.mdm.billrun;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.gridwarden.store.Account;
import org.gridwarden.store.AccountBook;
import org.gridwarden.store.Agreement;
import org.gridwarden.store.Agreements;

/** Supplies as agreements have them. Thread-safe. */
public final class StoredSupplies implements Supplies {
  private final Agreements agreements;
  private final AccountBook accounts;

  /** Over the store's books. */
  public StoredSupplies(Agreements agreements, AccountBook accounts) {
    this.agreements = agreements;
    this.accounts = accounts;
  }

  @Override
  public List<Supply> inForce(Instant from, Instant to, long after, int most) {
    return agreements.inForce(from, to, after, most).stream().map(StoredSupplies::supply).toList();
  }

  @Override
  public List<Supply> at(String servicePoint) {
    return agreements.at(servicePoint).stream().map(StoredSupplies::supply).toList();
  }

  @Override
  public Optional<Person> person(String account) {
    return accounts
        .find(account)
        .filter(a -> a.status() != Account.Status.ERASED)
        .map(Account::holder)
        .map(h -> new Person(h.name(), List.of(h.street(), h.city())));
  }

  private static Supply supply(Agreement agreement) {
    return new Supply(
        agreement.id(),
        agreement.account(),
        agreement.servicePoint(),
        agreement.tariff(),
        agreement.since(),
        agreement.until());
  }
}
