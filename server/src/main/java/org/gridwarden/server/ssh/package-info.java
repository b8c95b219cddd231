/**
 * The door for people with SSH keys: the operator's console, and folders to exchange files. It
 * knows nobody itself: who comes in, what they may and what is done for them is asked of {@link
 * org.gridwarden.server.ssh.Gate} and {@link org.gridwarden.server.ssh.Desk}.
 */
@org.jspecify.annotations.NullMarked
package org.gridwarden.server.ssh;
