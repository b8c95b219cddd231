package org.gridwarden.server;

import java.security.Principal;
import java.util.List;
import java.util.Locale;
import org.gridwarden.core.Fault;
import org.gridwarden.store.Account;
import org.gridwarden.store.ErasureRequests;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/**
 * A consumer asks to be forgotten (C33): their account's holder is erased once somebody of the
 * office approves and it is supplied no more.
 */
@RestController
@RequestMapping("/api/v1/own/erasures")
class OwnErasureApi {
  private static final int LOOKED_AT = 10_000;

  private final Office office;

  OwnErasureApi(Office office) {
    this.office = office;
  }

  /** Which account of one's own, and why. */
  record ErasureForm(@Nullable String account, @Nullable String reason) {}

  /**
   * An account of one's own.
   *
   * @param status open, closed or erased
   */
  record OwnAccount(String account, String name, String status) {}

  /**
   * What one asked for.
   *
   * @param account empty once it is done
   * @param state open, approved (it is being done), done or refused
   */
  record AskedView(long id, String account, String asked, String state) {}

  /** One's own accounts, and what one asked for. */
  record OwnErasures(List<OwnAccount> accounts, List<AskedView> asked) {}

  @GetMapping
  OwnErasures erasures(Principal consumer) {
    return new OwnErasures(
        office.store().accounts().of(consumer.getName()).stream()
            .map(a -> new OwnAccount(a.id(), a.holder().name(), word(a.status())))
            .toList(),
        asked(consumer).stream()
            .map(r -> new AskedView(r.id(), r.whom(), r.asked().toString(), word(r.state())))
            .toList());
  }

  @PostMapping
  @ResponseStatus(HttpStatus.CREATED)
  ErasureApi.Asked ask(@RequestBody ErasureForm form, Principal consumer) {
    String account = Requests.needed("account", form.account());
    String reason = Requests.needed("reason", form.reason()).strip();
    if (reason.isEmpty() || reason.length() > 500) {
      throw Requests.wrong("reason", "has 1 to 500 characters");
    }
    if (office.store().accounts().of(consumer.getName()).stream()
        .map(Account::id)
        .noneMatch(account::equals)) {
      throw FaultException.notFound("account", "no account of yours has this number");
    }
    if (asked(consumer).stream()
        .anyMatch(r ->
            r.whom().equals(account)
                && (r.state() == ErasureRequests.State.OPEN
                    || r.state() == ErasureRequests.State.APPROVED))) {
      throw new FaultException(
          Fault.Code.CONFLICT, "account", "you asked for this already: the office looks at it");
    }
    return new ErasureApi.Asked(office.erasures().askAccount(account, Audit.actor(), reason));
  }

  private List<ErasureRequests.Request> asked(Principal consumer) {
    return office.store().erasureRequests().list(LOOKED_AT).stream()
        .filter(r -> r.kind() == ErasureRequests.Kind.ACCOUNT)
        .filter(r -> r.askedBy().equalsIgnoreCase(consumer.getName()))
        .toList();
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
