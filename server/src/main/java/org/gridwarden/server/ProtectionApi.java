package org.gridwarden.server;

import java.util.function.Function;
import org.gridwarden.core.Actor;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Tx;
import org.gridwarden.store.CommandBook;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Consumers whose power nobody switches off from afar. */
@RestController
@RequestMapping("/api/v1/meters/{id}/protection")
class ProtectionApi {
  private final Office office;

  ProtectionApi(Office office) {
    this.office = office;
  }

  /** Why; it stands in the audit log. */
  record Reason(@Nullable String reason) {
    String needed() {
      String given = Requests.needed("reason", reason).strip();
      if (given.isEmpty() || given.length() > 500) {
        throw Requests.wrong("reason", "has 1 to 500 characters");
      }
      return given;
    }
  }

  /** A protection as it stands. */
  record ProtectionView(String since, String reason, String by) {
    static ProtectionView of(CommandBook.Protection protection) {
      return new ProtectionView(
          protection.since().toString(), protection.reason(), protection.by());
    }
  }

  @PutMapping
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void protect(@PathVariable String id, @RequestBody Reason reason) {
    MeterId meter = office.known(id).id();
    String why = reason.needed();
    Actor by = Audit.actor();
    call(tx -> {
      office.store().commands().protect(tx, meter, why, by);
      return meter;
    });
  }

  @DeleteMapping
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void unprotect(@PathVariable String id, @RequestBody Reason reason) {
    MeterId meter = office.known(id).id();
    String why = reason.needed();
    Actor by = Audit.actor();
    if (office.store().commands().protection(meter).isEmpty()) {
      throw FaultException.notFound("protection", "the meter's consumer is not protected");
    }
    call(tx -> {
      office.store().commands().unprotect(tx, meter, why, by);
      return meter;
    });
  }

  private void call(Function<Tx, MeterId> act) {
    var unused = office.store().unitOfWork().call(act);
  }
}
