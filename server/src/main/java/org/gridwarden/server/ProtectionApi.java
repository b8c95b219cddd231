package org.gridwarden.server;

import java.util.List;
import org.gridwarden.core.MeterId;
import org.gridwarden.headend.command.ProtectionDesk;
import org.gridwarden.store.ProtectionBook;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Consumers whose power nobody switches off from afar: protected by one, lifted by two (C16). */
@RestController
@RequestMapping("/api/v1")
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

  /** That somebody asks for a protection to end. */
  record LiftView(String asked, String askedBy, String reason) {}

  /**
   * A protection as it stands.
   *
   * @param lift who asks for it to end; null where nobody does
   */
  record ProtectionView(
      String meter, String since, String reason, String by, @Nullable LiftView lift) {
    static ProtectionView of(ProtectionBook.Protection protection) {
      return new ProtectionView(
          protection.meter().value(),
          protection.since().toString(),
          protection.reason(),
          protection.by(),
          protection
              .lift()
              .map(l -> new LiftView(l.asked().toString(), l.askedBy(), l.reason()))
              .orElse(null));
    }
  }

  @GetMapping("/protections")
  ReadingApi.Items<ProtectionView> list() {
    List<ProtectionView> all = desk().list().stream().map(ProtectionView::of).toList();
    return new ReadingApi.Items<>(all);
  }

  @PutMapping("/meters/{id}/protection")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void protect(@PathVariable String id, @RequestBody Reason reason) {
    MeterId meter = office.known(id).id();
    desk().protect(meter, reason.needed(), Audit.actor());
  }

  @PostMapping("/meters/{id}/protection/lift")
  ProtectionView ask(@PathVariable String id, @RequestBody Reason reason) {
    MeterId meter = office.known(id).id();
    desk().ask(meter, reason.needed(), Audit.actor());
    return desk().of(meter).map(ProtectionView::of).orElseThrow(ProtectionApi::gone);
  }

  @PostMapping("/meters/{id}/protection/lift/release")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void release(@PathVariable String id) {
    desk().decide(office.known(id).id(), true, Audit.actor());
  }

  @PostMapping("/meters/{id}/protection/lift/refuse")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void refuse(@PathVariable String id) {
    desk().decide(office.known(id).id(), false, Audit.actor());
  }

  private static FaultException gone() {
    return FaultException.notFound("protection", "somebody has released it meanwhile");
  }

  private ProtectionDesk desk() {
    return office.commands().office().protectionDesk();
  }
}
