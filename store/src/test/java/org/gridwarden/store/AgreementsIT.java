package org.gridwarden.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.tuple;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.gridwarden.core.Actor;
import org.gridwarden.core.Fault;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Accounts over a real store: one agreement a service point at a time, whoever races. */
class AgreementsIT {
  private static final Actor CARLA = new Actor(Actor.Kind.PERSON, "carla");
  private static final Instant JANUARY = Instant.parse("2026-01-01T00:00:00Z");
  private static final Instant MARCH = Instant.parse("2026-03-01T00:00:00Z");
  private static final Instant JUNE = Instant.parse("2026-06-01T00:00:00Z");

  @TempDir private static Path folder;
  private static Store store;
  private static int points;

  @BeforeAll
  static void open() {
    store = Store.open(StoreSettings.embedded(folder));
  }

  @AfterAll
  static void close() {
    store.close();
  }

  private static String account(String name) {
    return store
        .accounts()
        .open("", new Account.Holder(name, "Lindenstrasse 3", "8004 Zurich", "", "", "de"), CARLA)
        .id();
  }

  private static String point() {
    return "CH-" + ++points;
  }

  @Test
  void aServicePointHasOneAgreementAtATime() {
    String anna = account("Anna Keller");
    String bruno = account("Bruno Meier");
    String point = point();
    store.agreements().moveIn(anna, point, "flat", JANUARY, false, CARLA);

    assertThatExceptionOfType(StoreException.class)
        .isThrownBy(() -> store.agreements().moveIn(bruno, point, "flat", MARCH, false, CARLA))
        .satisfies(e -> assertThat(e.fault().code()).isEqualTo(Fault.Code.CONFLICT))
        .withMessageContaining("move them out first");
    // nor before her, into her time
    assertThatExceptionOfType(StoreException.class)
        .isThrownBy(() ->
            store.agreements().moveIn(bruno, point, "flat", JANUARY.minusSeconds(1), false, CARLA));

    store.agreements().moveOut(anna, point, MARCH, CARLA);
    store.agreements().moveIn(bruno, point, "flat", MARCH, false, CARLA);

    assertThat(store.agreements().at(point))
        .extracting(Agreement::account, Agreement::since, Agreement::until)
        .containsExactly(
            tuple(anna, JANUARY, Optional.of(MARCH)), tuple(bruno, MARCH, Optional.empty()));
    assertThat(store.agreements().at(point, MARCH).orElseThrow().account()).isEqualTo(bruno);
    assertThat(store.agreements().at(point, MARCH.minusSeconds(1)).orElseThrow().account())
        .isEqualTo(anna);
    assertThat(store.agreements().at(point, JANUARY.minusSeconds(1))).isEmpty();
  }

  @Test
  void takingOverEndsWhoeverIsThere() {
    String anna = account("Anna Keller");
    String bruno = account("Bruno Meier");
    String point = point();
    store.agreements().moveIn(anna, point, "flat", JANUARY, false, CARLA);

    store.agreements().moveIn(bruno, point, "flat", MARCH, true, CARLA);

    assertThat(store.agreements().of(anna).getFirst().until()).contains(MARCH);
    assertThat(store.agreements().of(bruno).getFirst().since()).isEqualTo(MARCH);
    assertThat(store.accounts().story(anna))
        .extracting(AccountBook.Step::what)
        .containsExactly("opened", "moved-in", "moved-out");
  }

  @Test
  void aChangeOfTariffEndsOneAgreementAndBeginsTheNext() {
    String anna = account("Anna Keller");
    String point = point();
    store.agreements().moveIn(anna, point, "flat", JANUARY, false, CARLA);

    store.agreements().changeTariff(anna, point, "time-of-use", MARCH, CARLA);
    store.agreements().changeTariff(anna, point, "dynamic", MARCH, CARLA);

    assertThat(store.agreements().of(anna))
        .extracting(Agreement::tariff, Agreement::since)
        .containsExactly(tuple("flat", JANUARY), tuple("dynamic", MARCH));
    assertThat(store.agreements().inForce(JANUARY, MARCH, 0, 100))
        .filteredOn(one -> one.servicePoint().equals(point))
        .extracting(Agreement::tariff)
        .containsExactly("flat");
    assertThat(store.agreements().inForce(JANUARY, JUNE, 0, 10_000))
        .filteredOn(one -> one.servicePoint().equals(point))
        .hasSize(2);
    assertThatExceptionOfType(StoreException.class)
        .isThrownBy(() ->
            store.agreements().changeTariff(anna, point, "flat", JANUARY.minusSeconds(1), CARLA))
        .withMessageContaining("is not supplied at");
  }

  @Test
  void ofTwentyWhoMoveInAtOnceOneIsIn() throws Exception {
    String point = point();
    List<String> accounts = IntStream.range(0, 20).mapToObj(n -> account("Racer " + n)).toList();
    CyclicBarrier together = new CyclicBarrier(accounts.size());
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<Boolean>> moves =
          accounts.stream()
              .map(id ->
                  (Callable<Boolean>)
                      () -> {
                        together.await();
                        try {
                          store.agreements().moveIn(id, point, "flat", JANUARY, false, CARLA);
                          return true;
                        } catch (StoreException e) {
                          assertThat(e.fault().code()).isEqualTo(Fault.Code.CONFLICT);
                          return false;
                        }
                      })
              .toList();
      int in = 0;
      for (Future<Boolean> done : threads.invokeAll(moves)) {
        in += done.get() ? 1 : 0;
      }
      assertThat(in).isEqualTo(1);
    }
    assertThat(store.agreements().at(point)).hasSize(1);
  }

  @Test
  void anAccountThatIsSuppliedIsNotClosed() {
    String anna = account("Anna Keller");
    String point = point();
    store.agreements().moveIn(anna, point, "flat", JANUARY, false, CARLA);

    assertThatExceptionOfType(StoreException.class)
        .isThrownBy(() -> store.accounts().close(anna, "left", CARLA))
        .withMessageContaining("still supplied at " + point);

    store.agreements().moveOut(anna, point, MARCH, CARLA);
    assertThat(store.accounts().close(anna, "left", CARLA).orElseThrow().status())
        .isEqualTo(Account.Status.CLOSED);
    assertThatExceptionOfType(StoreException.class)
        .isThrownBy(() -> store.agreements().moveIn(anna, point, "flat", JUNE, false, CARLA))
        .withMessageContaining("is closed");
  }

  @Test
  void accountsAreFoundByAnyPart() {
    String anna =
        store
            .accounts()
            .open(
                "K-0815",
                new Account.Holder(
                    "Änne Öztürk", "Birkenweg 12", "3012 Bern", "a.o@example.org", "", "fr-CH"),
                CARLA)
            .id();
    String point = point() + "-SPECIAL";
    store.agreements().moveIn(anna, point, "flat", JANUARY, false, CARLA);

    for (String part : List.of("k-0815", "öztürk", "birkenweg 1", "3012", "a.o@", "-special")) {
      assertThat(store.accounts().page(AccountQuery.parse(part, "open", "name", 0, 10)).items())
          .as(part)
          .extracting(item -> item.account().id())
          .contains(anna);
    }
    assertThat(store.accounts().page(AccountQuery.parse("100%_", "", "", 0, 10)).total()).isZero();
    assertThat(store.accounts().page(AccountQuery.parse("k-0815", "", "", 0, 10)).items())
        .first()
        .satisfies(item -> assertThat(item.servicePoints()).containsExactly(point));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> AccountQuery.parse("", "", "colour", 0, 10))
        .withMessageContaining("sort is any of id, name");
  }

  @Test
  @DisplayName("C33: an account's holder is erased; its number stays with its agreements")
  void anAccountIsErased() throws Exception {
    String anna = account("Erika Unvergessen");
    String point = point();
    store.agreements().moveIn(anna, point, "flat", JANUARY, false, CARLA);
    store.accounts().note(anna, "Erika called about the stairs.", CARLA);

    assertThatExceptionOfType(StoreException.class)
        .isThrownBy(() -> erase(anna))
        .withMessageContaining("still supplied");
    store.agreements().moveOut(anna, point, MARCH, CARLA);
    erase(anna);

    Account left = store.accounts().find(anna).orElseThrow();
    assertThat(left.status()).isEqualTo(Account.Status.ERASED);
    assertThat(left.holder().name()).isEqualTo("(erased)");
    assertThat(left.holder().street() + left.holder().city()).isEmpty();
    assertThat(store.agreements().of(anna)).hasSize(1);
    assertThat(store.accounts().page(AccountQuery.parse("unvergessen", "", "", 0, 10)).total())
        .isZero();
    assertThat(store.accounts().story(anna))
        .extracting(AccountBook.Step::note)
        .noneMatch(note -> note.contains("Erika"));
    // nor anywhere else in what the audit log keeps in the clear
    try (var c = store.dataSource().getConnection();
        var s =
            c.prepareStatement(
                "SELECT count(*) FROM audit_clear WHERE encode(detail, 'escape') ~* 'erika'");
        var r = s.executeQuery()) {
      r.next();
      assertThat(r.getLong(1)).isZero();
    }
  }

  private static void erase(String account) {
    store.unitOfWork().call(tx -> store.erasure().account(tx, account, CARLA, "asked for it"));
  }

  @Test
  void aUserSeesThePointsOfTheirAccountsFromWhenTheseAreTheirs() throws Exception {
    String anna = account("Anna Keller");
    String other = account("Bruno Meier");
    String point = point();
    store.agreements().moveIn(other, point, "flat", JANUARY, false, CARLA);
    store.agreements().moveIn(anna, point, "flat", MARCH, true, CARLA);
    store.agreements().changeTariff(anna, point, "dynamic", JUNE, CARLA);
    store
        .users()
        .add(new User("dora", Set.of("CONSUMER"), "hash", false, false, "", 1, JANUARY), CARLA);
    assertThat(store.accounts().link(anna, "dora", CARLA)).isTrue();
    assertThat(store.accounts().link(anna, "dora", CARLA)).as("again").isTrue();
    assertThat(store.accounts().link(anna, "nobody", CARLA)).isFalse();

    assertThat(store.customerPoints().of("dora")).containsExactly(Map.entry(point, MARCH));
    assertThat(store.accounts().of("DORA")).extracting(Account::id).containsExactly(anna);

    assertThat(store.accounts().unlink(anna, "dora", CARLA)).isTrue();
    assertThat(store.customerPoints().of("dora")).isEmpty();
  }
}
