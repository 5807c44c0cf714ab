package io.appdbs.misplaced.mongo;

import org.springframework.data.annotation.Id;
import org.springframework.data.mongodb.core.mapping.Document;

@Document
public record Page(@Id String id) {

}
