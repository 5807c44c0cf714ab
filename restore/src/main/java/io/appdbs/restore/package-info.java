/**
 * Verified restore: restores a backup into a scratch server and checks what was restored.
 */
@NullMarked
package io.appdbs.restore;

import org.jspecify.annotations.NullMarked;
