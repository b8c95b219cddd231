package org.gridwarden.server.ssh;

import java.util.List;
import org.apache.sshd.server.auth.keyboard.InteractiveChallenge;
import org.apache.sshd.server.auth.keyboard.KeyboardInteractiveAuthenticator;
import org.apache.sshd.server.session.ServerSession;
import org.jspecify.annotations.Nullable;

/** Asks for the code of a second factor (RFC 4256), of those who have shown their key. */
final class CodeQuestion implements KeyboardInteractiveAuthenticator {
  private static final int LONGEST = 64;

  private final Gate gate;

  CodeQuestion(Gate gate) {
    this.gate = gate;
  }

  @Override
  public @Nullable InteractiveChallenge generateChallenge(
      ServerSession session, String user, String language, String methods) {
    if (!TwoSteps.proven(session) || !gate.asksCode(user)) {
      return null;
    }
    InteractiveChallenge challenge = new InteractiveChallenge();
    challenge.setInteractionName("");
    challenge.setInteractionInstruction("");
    challenge.setLanguageTag("");
    challenge.addPrompt("Code of your second factor: ", true);
    return challenge;
  }

  @Override
  public boolean authenticate(ServerSession session, String user, List<String> said) {
    if (!TwoSteps.proven(session) || said.size() != 1 || said.getFirst().length() > LONGEST) {
      return false;
    }
    boolean right = gate.code(user, said.getFirst().strip(), Sessions.source(session));
    if (right) {
      TwoSteps.shown(session);
    }
    return right;
  }
}
