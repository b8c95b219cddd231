package org.gridwarden.core;

/** Where every command begins. Implemented in headend. */
public interface Commands {
  /** Drafts a command; policy and signatures follow. */
  CommandId draft(CommandRequest request, Actor by);

  /** Where a command stands. */
  CommandState state(CommandId id);
}
