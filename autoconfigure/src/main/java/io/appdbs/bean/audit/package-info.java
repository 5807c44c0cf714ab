/**
 * Creates the beans of the audit.
 */
@NullMarked
package io.appdbs.bean.audit;

import org.jspecify.annotations.NullMarked;
