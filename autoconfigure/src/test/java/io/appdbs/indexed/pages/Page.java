package io.appdbs.indexed.pages;

import org.springframework.data.annotation.Id;
import org.springframework.data.mongodb.core.index.Indexed;
import org.springframework.data.mongodb.core.mapping.Document;

@Document
public record Page(@Id String id, @Indexed String name) {

}
