package io.appdbs.settings;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Former name of a setting. It is deprecated, and still works.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface FormerName {

	/**
	 * Returns the former name.
	 * @return the last element of the key, in kebab case
	 */
	String value();

}
