package org.gridwarden.dlms.client;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.gridwarden.dlms.AccessResult;
import org.gridwarden.dlms.AccessService;
import org.gridwarden.dlms.AccessService.Specification;
import org.gridwarden.dlms.Apdu;
import org.gridwarden.dlms.AttributeRef;
import org.gridwarden.dlms.Conformance;
import org.gridwarden.dlms.DlmsData;
import org.gridwarden.dlms.DlmsException;
import org.gridwarden.dlms.MethodRef;
import org.gridwarden.dlms.Selection;
import org.gridwarden.dlms.Service;

/**
 * Reads, writes and method invocations in one ACCESS request, done by the meter in their order (IEC
 * 62056-5-3, clause 9.3.5). Say what is wanted, then {@link #send}. One thread at a time.
 */
public final class Access {
  private final Exchange exchange;
  private final long invokeId;
  private final List<Specification> wanted = new ArrayList<>();
  private final List<DlmsData> data = new ArrayList<>();
  private boolean breakOnError;

  /**
   * How one of the things went.
   *
   * @param what what was wanted
   * @param result how it went
   * @param data what it gave: null-data where it gave nothing
   */
  public record Done(Specification what, AccessResult result, DlmsData data) {}

  Access(Exchange exchange, long invokeId) {
    this.exchange = exchange;
    this.invokeId = invokeId;
  }

  /** Reads an attribute. */
  public Access get(AttributeRef attribute) {
    return get(attribute, Optional.empty());
  }

  /** Reads a part of an attribute. */
  public Access get(AttributeRef attribute, Selection selection) {
    return get(attribute, Optional.of(selection));
  }

  private Access get(AttributeRef attribute, Optional<Selection> selection) {
    return add(
        new Specification.Get(new Service.Selected(attribute, selection)), DlmsData.NullData.of());
  }

  /** Writes an attribute. */
  public Access set(AttributeRef attribute, DlmsData value) {
    return add(new Specification.Set(new Service.Selected(attribute, Optional.empty())), value);
  }

  /** Writes a part of an attribute. */
  public Access set(AttributeRef attribute, Selection selection, DlmsData value) {
    return add(
        new Specification.Set(new Service.Selected(attribute, Optional.of(selection))), value);
  }

  /** Invokes a method without parameters. */
  public Access action(MethodRef method) {
    return action(method, DlmsData.NullData.of());
  }

  /** Invokes a method. */
  public Access action(MethodRef method, DlmsData parameters) {
    return add(new Specification.Action(method), parameters);
  }

  private Access add(Specification one, DlmsData value) {
    wanted.add(one);
    data.add(value);
    return this;
  }

  /** What follows the first failure is not done. */
  public Access breakOnError() {
    breakOnError = true;
    return this;
  }

  /**
   * Sends the request.
   *
   * @return one for each thing that was wanted, in order; with {@link #breakOnError} none for those
   *     that were not done any more
   * @throws AssociationRefused also where ACCESS was not negotiated
   */
  public List<Done> send() throws IOException, DlmsException, AssociationRefused {
    check();
    Apdu answer = exchange.ask(request(AccessService.CONFIRMED));
    if (!(answer instanceof AccessService.Response response)) {
      throw Exchange.unexpected("what was wanted", answer);
    }
    int count = response.results().size();
    if (count != response.data().size()
        || count > wanted.size()
        || count < wanted.size() && !breakOnError) {
      throw Exchange.unexpected(wanted.size() + " results", answer);
    }
    List<Done> done = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      done.add(new Done(wanted.get(i), response.results().get(i).result(), response.data().get(i)));
    }
    return done;
  }

  /** Sends the request, and wants no answer. */
  public void tell() throws IOException, DlmsException, AssociationRefused {
    check();
    exchange.tell(request(0));
  }

  private void check() throws AssociationRefused {
    exchange.require(Conformance.Service.ACCESS);
    for (Specification one : wanted) {
      boolean selects =
          switch (one) {
            case Specification.Get(Service.Selected what) -> what.selection().isPresent();
            case Specification.Set(Service.Selected what) -> what.selection().isPresent();
            case Specification.Action _ -> false;
          };
      if (selects) {
        exchange.require(Conformance.Service.SELECTIVE_ACCESS);
      }
    }
  }

  private Service request(long serviceClass) {
    long priority = exchange.highPriority() ? AccessService.HIGH_PRIORITY : 0;
    return new AccessService.Request(
        invokeId | serviceClass | priority | (breakOnError ? AccessService.BREAK_ON_ERROR : 0),
        Optional.empty(),
        wanted,
        data);
  }
}
