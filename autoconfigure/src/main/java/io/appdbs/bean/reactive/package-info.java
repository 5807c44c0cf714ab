/**
 * The reactive beans of MongoDB databases.
 */
@NullMarked
package io.appdbs.bean.reactive;

import org.jspecify.annotations.NullMarked;
