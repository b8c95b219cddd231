package org.gridwarden.dlms.meter;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.gridwarden.dlms.AccessResult;
import org.gridwarden.dlms.AccessService;
import org.gridwarden.dlms.AccessService.Specification;
import org.gridwarden.dlms.Apdu;
import org.gridwarden.dlms.DlmsData;
import org.gridwarden.dlms.MethodRef;
import org.gridwarden.dlms.Outcome;
import org.gridwarden.dlms.Service;

/**
 * ACCESS: what one request wants, done in its order, each with the client's rights (IEC 62056-5-3,
 * clause 9.3.5). Where the first failure breaks off, what follows has no result. Thread-safe.
 */
final class AccessServices {
  private final ObjectAccess objects;

  AccessServices(ObjectAccess objects) {
    this.objects = objects;
  }

  Optional<Apdu> answer(AccessService.Request request) {
    List<Specification> wanted = request.specifications();
    if (!Referencing.match(wanted, request.data())) {
      return Referencing.senseless();
    }
    boolean breaks = (request.invokeId() & AccessService.BREAK_ON_ERROR) != 0;
    List<DlmsData> data = new ArrayList<>();
    AnswerRoom room = new AnswerRoom();
    List<AccessService.Result> results = new ArrayList<>();
    for (int i = 0; i < wanted.size(); i++) {
      AccessResult result = done(wanted.get(i), request.data().get(i), data, room);
      results.add(new AccessService.Result(wanted.get(i).kind(), result));
      if (breaks && !result.isSuccess()) {
        break;
      }
    }
    boolean repeated = (request.invokeId() & AccessService.SELF_DESCRIPTIVE) != 0;
    return request.confirmed()
        ? Optional.of(
            new AccessService.Response(
                request.invokeId(),
                Optional.empty(),
                repeated ? Optional.of(wanted) : Optional.empty(),
                data,
                results))
        : Optional.empty();
  }

  /** Does one thing and adds what it gave. */
  private AccessResult done(
      Specification one, DlmsData value, List<DlmsData> gave, AnswerRoom room) {
    return switch (one) {
      case Specification.Get(Service.Selected what) ->
          given(Optional.of(room.take(objects.read(what))), AccessResult.SUCCESS, gave);
      case Specification.Set(Service.Selected what) -> {
        gave.add(DlmsData.NullData.of());
        yield objects.write(what, value);
      }
      case Specification.Action(MethodRef method) -> {
        Service.Invoked invoked = objects.invoke(method, Referencing.given(value));
        yield given(invoked.returned().map(room::take), invoked.result(), gave);
      }
    };
  }

  private static AccessResult given(
      Optional<Outcome> outcome, AccessResult result, List<DlmsData> gave) {
    return switch (outcome.orElse(new Outcome.Value(DlmsData.NullData.of()))) {
      case Outcome.Value(DlmsData data) -> {
        gave.add(data);
        yield result;
      }
      case Outcome.Refused(AccessResult why) -> {
        gave.add(DlmsData.NullData.of());
        yield result.isSuccess() ? why : result;
      }
    };
  }
}
