"""Common names, so that nobody in particular is meant."""


def _names(text: str) -> list[str]:
    return text.split()


FAMILY_EN = _names("""
    Smith Johnson Brown Miller Davis Wilson Anderson Thomas Taylor Moore Jackson Martin Lee Thompson White
    Harris Clark Lewis Robinson Walker Young Allen King Wright Scott Hill Green Adams Nelson Baker Hall Campbell
    Mitchell Carter Roberts Turner Phillips Parker Evans Edwards Collins Stewart Morris Rogers Reed Cook Morgan
    Bell Murphy Bailey Cooper Richardson Cox Howard Ward Peterson Gray James Watson Brooks Kelly Sanders Price
    Bennett Wood Barnes Ross Henderson Coleman Jenkins Perry Powell
""")
FAMILY_ES = _names("""
    Garcia Rodriguez Martinez Hernandez Lopez Gonzalez Perez Sanchez Ramirez Torres Flores Rivera Gomez Diaz
    Reyes Morales Cruz Ortiz Gutierrez Chavez Ramos Ruiz Alvarez Mendoza Vasquez Castillo Jimenez Moreno Romero
    Herrera Medina Aguilar Vargas Castro Guzman Mendez Munoz Salazar Soto Delgado
""")
FAMILY_OTHER = _names("""
    Nguyen Tran Pham Kim Park Chen Wang Li Zhang Ahmed Ali Hassan Ivanov Singh Patel Khan Silva
""")
WOMEN_EN = _names("""
    Mary Patricia Linda Barbara Susan Jessica Sarah Karen Lisa Nancy Betty Sandra Ashley Emily Donna Michelle
    Carol Amanda Melissa Deborah Stephanie Rebecca Laura Helen Sharon Cynthia Kathleen Amy Angela Shirley Anna
    Ruth Brenda Pamela Nicole Katherine Emma Olivia Grace Chloe
""")
MEN_EN = _names("""
    James Robert John Michael David William Richard Joseph Thomas Charles Christopher Daniel Matthew Anthony
    Mark Donald Steven Paul Andrew Joshua Kenneth Kevin Brian George Timothy Ronald Edward Jason Jeffrey Ryan
    Jacob Gary Nicholas Eric Jonathan Stephen Larry Justin Scott Noah
""")
WOMEN_ES = _names("""
    Maria Ana Carmen Rosa Guadalupe Juana Lucia Elena Sofia Isabel Teresa Gloria Silvia Leticia Veronica
    Patricia Alicia Yolanda Valeria Camila Daniela Gabriela
""")
MEN_ES = _names("""
    Jose Luis Juan Carlos Miguel Jorge Antonio Francisco Pedro Manuel Jesus Raul Fernando Ricardo Javier Roberto
    Sergio Mateo Diego Alejandro Andres Hector
""")


def given_names(gender: str, spanish: bool) -> list[str]:
    """Given names to draw from."""
    if gender == "female":
        return WOMEN_ES if spanish else WOMEN_EN
    return MEN_ES if spanish else MEN_EN
