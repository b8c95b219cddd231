package org.gridwarden.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.Optional;
import org.gridwarden.core.Actor;
import org.gridwarden.core.Fault;
import org.gridwarden.store.ErasureRequests.Kind;
import org.gridwarden.store.ErasureRequests.Request;
import org.gridwarden.store.ErasureRequests.State;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ErasureRequestsIT {
  private static final Actor SAM = new Actor(Actor.Kind.PERSON, "sam");
  private static final Actor SALLY = new Actor(Actor.Kind.PERSON, "sally");
  private final ErasureRequests requests = SharedStore.store().erasureRequests();

  private Request of(long id) {
    return requests.list(1_000).stream().filter(r -> r.id() == id).findFirst().orElseThrow();
  }

  private long ask(String whom) {
    return requests.ask(
        Kind.USER, whom, Optional.empty(), Optional.empty(), "left, and asked for it", SAM);
  }

  @Test
  @DisplayName(
      "C33, C28: who asks for an erasure does not approve it, and once done it names nobody")
  void twoPersons() {
    long id = ask("minna.canary.two");
    assertThatThrownBy(() -> requests.approve(id, new Actor(Actor.Kind.PERSON, "Sam")))
        .isInstanceOfSatisfying(
            StoreException.class,
            e -> assertThat(e.fault().code()).isEqualTo(Fault.Code.FORBIDDEN));
    assertThat(of(id).state()).isEqualTo(State.OPEN);
    assertThat(requests.approve(id, SALLY).whom()).isEqualTo("minna.canary.two");
    assertThat(of(id).state()).isEqualTo(State.APPROVED);
    requests.reopen(id);
    assertThat(of(id).state()).as("it could not be done").isEqualTo(State.OPEN);
    assertThat(requests.approve(id, SALLY).reason()).isEqualTo("left, and asked for it");
    assertThat(requests.approve(id, SALLY).id()).as("she was cut off, and goes on").isEqualTo(id);
    requests.done(id);
    assertThat(of(id))
        .satisfies(r -> {
          assertThat(r.state()).isEqualTo(State.DONE);
          assertThat(r.whom()).isEmpty();
          assertThat(r.decidedBy()).isEqualTo("sally");
        });
    assertThatThrownBy(() -> requests.approve(id, SALLY)).hasMessageContaining("it was decided");
    assertThat(
            SharedStore.texts(
                "SELECT convert_from(c.detail, 'UTF8') FROM audit_clear c JOIN audit_log l ON l.id = c.entry WHERE l.action"
                    + " LIKE 'erasure.a%'"))
        .noneMatch(detail -> detail.contains("minna.canary.two"));
  }

  @Test
  @DisplayName("C33 a refused request erases nothing; who asked may take it back")
  void refused() {
    long id = ask("minna.taken.back");
    requests.refuse(id, SAM);
    assertThat(of(id).state()).isEqualTo(State.REFUSED);
    assertThatThrownBy(() -> requests.approve(id, SALLY)).hasMessageContaining("refused");
    long term =
        requests.ask(
            Kind.TERM,
            "E77",
            Optional.of(Instant.parse("2026-01-01T00:00:00Z")),
            Optional.of(Instant.parse("2026-02-01T00:00:00Z")),
            "moved out",
            SAM);
    assertThat(of(term).since()).contains(Instant.parse("2026-01-01T00:00:00Z"));
    requests.refuse(term, SALLY);
    assertThatThrownBy(() -> requests.refuse(999_999_999, SALLY))
        .hasMessageContaining("no such request");
  }
}
