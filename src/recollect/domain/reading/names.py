"""Common first names, by which a capitalised word is known to be a person; from many countries, far from complete."""

from recollect.domain.reading.word_lists import words

FIRST_NAMES = words("""
aaron abby abdul abigail adam adele adrian agnes ahmed aidan aiko aisha akira alan albert alejandra alejandro alex
alexa alexander alexandra alexis alfred ali alice alicia alina alison allison alma alyssa amanda amara amber
amelia amina amir amy ana anastasia anders andre andrea andreas andrew andy angela angelina anika anita anja ann
anna anne annette annie anthony anton antonia antonio anya april ariana arjun arnold arthur arturo asha ashley
astrid audrey aurora austin ava axel barbara bart beatrice beatriz becky ben benjamin bernard beth betty bianca
bill billy bjorn bob bobby brad brandon brenda brian bridget brigitte bruce bruno bryan caitlin calvin cameron
camila camille carl carla carlos carmen carol carolina caroline carter catherine cecilia cedric celia charles
charlie charlotte chen chiara chloe chris christian christina christine christopher cindy claire clara claudia
clement colin connor craig cristina curtis cynthia daisy dan dana daniel daniela danielle danny daria dave david
dean debbie deborah denis denise dennis derek diana diane diego dieter dimitri dominic don donald donna dora doris
dorothy doug douglas duncan dylan eddie edgar edith eduardo edward edwin eileen elaine elena eli elias elijah
elisa elisabeth elise elizabeth ella ellen ellie elsa emil emilia emilio emily emma enrique eric erica erik erika
ernest esther ethan eugene eva evan eve evelyn fatima felicia felix fernanda fernando finn fiona florian frances
francesca francesco francis francisco francois frank fred freddie frederick freya frida gabriel gabriela gail gary
gavin geoff george georgia gerald gerard gina giorgio giovanni giulia glen gloria gordon grace graham greg gregory
greta guillaume gunther gustav guy hal hannah hans harold harriet harry hassan hazel heather hector heidi heinz
helen helena helga henri henry herbert hilary hiro hiroshi holly howard hugo ian ibrahim ida igor ilse imran ines
ingrid irene iris isaac isabel isabella isla ivan ivy jack jackie jacob jacqueline jade jake james jamie jan jana
jane janet janice jasmine jason javier jay jean jeff jeffrey jen jenna jennifer jenny jeremy jerome jerry jess
jessica jill jim jimmy joan joana joanna joao joaquin jocelyn jodie joe joel johan johanna johannes john johnny
jon jonas jonathan jordan jorge jose josef joseph josh joshua joy joyce juan juana judith judy julia julian
juliana julie juliet julio jun justin kai kaitlyn karen karim karin karl kate katharina katherine kathleen kathy
katie katrin kay keith kelly ken kenji kenneth kevin khalid kim kimberly klaus kristen kristin kumar kurt kyle
lara larry lars laura lauren laurent lea leah lee leila lena leo leon leonard leonardo leslie levi liam lily lina
linda lisa logan lola lorenzo louis louise luc luca lucas lucia luciana lucy luigi luis luisa luka lukas luke luna
lydia lynn maddie madison magda maggie malik mandy manuel marc marcel marco marcos marcus margaret margarita maria
mariam marianne marie marina mario marion marisa mark marko markus martha martin martina mary mateo mathieu matt
matteo matthew matthias maurice max maya megan mehmet mei mel melanie melissa mia michael michelle miguel mika
mike mila mina miranda miriam mohamed mohammed molly monica monika morgan muhammad nadia nancy naomi natalia
natalie natasha nate nathan neil nelson nicholas nick nicola nicolas nicole nigel nikita nikolai nina noah noel
noemi nora norman olga oliver olivia omar oscar otto owen pablo pam pamela paola pat patricia patrick paul paula
pauline pedro peggy penelope penny pete peter petra phil philip philippe phoebe pierre pilar priya quentin rachel
rafael raj ralph ramon randy raphael raquel rashid raul ray raymond rebecca regina reina renata rene ricardo
richard rick rita rob robert roberta roberto robin rodrigo roger roland roman ron ronald rosa rosalie rose rosie
ross roy ruben ruby rudolf russell ruth ryan sabine sabrina sally sam samantha samir samuel sandra sandy santiago
sara sarah sasha scott sean sebastian sergei sergio shane shannon sharon sheila shirley silvia simon simone sofia
sofie sonia sophia sophie stacy stan stefan stefanie stella stephanie stephen steve steven stuart sue susan
susanna susanne suzanne sven svetlana sylvia tamara tania tanya tara tatiana ted teresa terry tess thea theo
theodore theresa thomas tiffany tim timothy tina tobias todd tom tomas tommy tony tracy travis trevor tyler ulrich
ulrike umar ursula valentina valeria valerie vanessa vera veronica vicky victor victoria vijay vikram vincent
viola violet virginia vivian vladimir walter wanda wayne wendy werner wilhelm william willy wolfgang xavier yara
yasmin yolanda yuki yusuf yvonne zach zachary zara zoe zoey
""")
# Names that are as common as other words; read as names only where the sentence says so.
AMBIGUOUS_NAMES = words(
    "april may june will mark bill grace rose joy hope faith ray art jack frank pat penny daisy ruby don guy "
    "jay dean drew rob sue max"
)
